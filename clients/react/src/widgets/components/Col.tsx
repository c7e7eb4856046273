import type { ComponentProps } from "../component.js";
import { flexBox } from "../style/flex.js";
import { schemeAttributes } from "../style/scheme.js";
import { named, WidgetChildren } from "../WidgetNode.js";

/** Components below each other. */
export function Col({ value, widget }: ComponentProps<"col">) {
  return (
    <div className="ws-box ws-col" style={flexBox(value)} {...schemeAttributes(value.background)} {...named(widget)}>
      <WidgetChildren of={value.children} />
    </div>
  );
}
