import type { ComponentProps } from "../component.js";
import { cssColor } from "../style/color.js";
import { compact } from "../style/insets.js";
import { pixels, spacing } from "../style/length.js";
import { named } from "../WidgetNode.js";

/** A line between components. */
export function Divider({ value, widget }: ComponentProps<"divider">) {
  const style = compact({
    borderBlockStartColor: cssColor(value.color, "border"),
    borderBlockStartWidth: pixels(value.size),
    marginBlock: spacing(value.spacing),
  });
  return <hr className={value.flush ? "ws-divider ws-flush" : "ws-divider"} style={style} {...named(widget)} />;
}
