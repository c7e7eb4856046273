import { CaptionSize } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_text_pb";
import type { ComponentProps } from "../component.js";
import { clampClass, typography } from "../style/text.js";
import { named } from "../WidgetNode.js";

const SIZES: Readonly<Record<CaptionSize, string>> = {
  [CaptionSize.UNSPECIFIED]: "md",
  [CaptionSize.SM]: "sm",
  [CaptionSize.MD]: "md",
  [CaptionSize.LG]: "lg",
};

/** A supporting text. */
export function Caption({ value, widget }: ComponentProps<"caption">) {
  const size = SIZES[value.size ?? CaptionSize.UNSPECIFIED];
  return (
    <p className={`ws-caption ws-caption--${size}${clampClass(value)}`} style={typography(value)} {...named(widget)}>
      {value.value}
    </p>
  );
}
