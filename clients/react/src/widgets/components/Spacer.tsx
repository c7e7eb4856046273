import type { ComponentProps } from "../component.js";
import { pixels } from "../style/length.js";
import { named } from "../WidgetNode.js";

/** Space that takes what is left, and so pushes its neighbours apart. */
export function Spacer({ value, widget }: ComponentProps<"spacer">) {
  return <div className="ws-spacer" style={{ flexBasis: pixels(value.minSize) }} {...named(widget)} />;
}
