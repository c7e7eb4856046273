import type { ComponentProps } from "../component.js";
import { flexBox } from "../style/flex.js";
import { schemeAttributes } from "../style/scheme.js";
import { named, WidgetChildren } from "../WidgetNode.js";

/** Components beside each other, in the middle of the row's height where the widget does not say. */
export function Row({ value, widget }: ComponentProps<"row">) {
  return (
    <div className="ws-box ws-row" style={flexBox(value)} {...schemeAttributes(value.background)} {...named(widget)}>
      <WidgetChildren of={value.children} />
    </div>
  );
}
