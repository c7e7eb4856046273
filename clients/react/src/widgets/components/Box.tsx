import type { ComponentProps } from "../component.js";
import { flexDirection } from "../style/block.js";
import { flexBox } from "../style/flex.js";
import { schemeAttributes } from "../style/scheme.js";
import { named, WidgetChildren } from "../WidgetNode.js";

/** A flex container; a column where the widget does not say. */
export function Box({ value, widget }: ComponentProps<"box">) {
  return (
    <div
      className="ws-box"
      style={{ ...flexBox(value), flexDirection: flexDirection(value.direction) }}
      {...schemeAttributes(value.background)}
      {...named(widget)}
    >
      <WidgetChildren of={value.children} />
    </div>
  );
}
