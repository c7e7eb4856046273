import type { ComponentProps } from "../component.js";
import { flexDirection } from "../style/block.js";
import { alignItems, justifyContent } from "../style/flex.js";
import { compact, insets } from "../style/insets.js";
import { spacing } from "../style/length.js";
import { schemeAttributes } from "../style/scheme.js";
import { named, WidgetChildren } from "../WidgetNode.js";

/** A root without a frame, whose children may be roots themselves. */
export function Basic({ value, widget }: ComponentProps<"basic">) {
  const style = compact({
    flexDirection: flexDirection(value.direction),
    alignItems: alignItems(value.align),
    justifyContent: justifyContent(value.justify),
    gap: spacing(value.gap),
    ...insets("padding", value.padding),
  });
  return (
    <div className="ws-box ws-basic" style={style} {...schemeAttributes(undefined, value.theme)} {...named(widget)}>
      <WidgetChildren of={value.children} />
    </div>
  );
}
