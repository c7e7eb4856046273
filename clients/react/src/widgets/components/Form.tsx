import type { ComponentProps } from "../component.js";
import { FormFrame } from "../form/FormFrame.js";
import { flexDirection } from "../style/block.js";
import { flexBox } from "../style/flex.js";
import { schemeAttributes } from "../style/scheme.js";
import { named, WidgetChildren } from "../WidgetNode.js";

/** A form whose action gets the values of its fields, once they are right. */
export function Form({ value, widget }: ComponentProps<"form">) {
  const style = { ...flexBox(value), flexDirection: flexDirection(value.direction) };
  return (
    <FormFrame
      action={value.onSubmitAction}
      auto="self"
      className="ws-box ws-form"
      style={style}
      {...schemeAttributes(value.background)}
      {...named(widget)}
    >
      <WidgetChildren of={value.children} />
    </FormFrame>
  );
}
