import { TextSize } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_style_pb";
import type { ComponentProps } from "../component.js";
import { compact } from "../style/insets.js";
import { pixels } from "../style/length.js";
import { clampClass, typography } from "../style/text.js";
import { named } from "../WidgetNode.js";
import { EditableText } from "./EditableText.js";
import { StreamingText } from "./StreamingText.js";

export const TEXT_SIZES: Readonly<Record<TextSize, string>> = {
  [TextSize.UNSPECIFIED]: "md",
  [TextSize.XS]: "xs",
  [TextSize.SM]: "sm",
  [TextSize.MD]: "md",
  [TextSize.LG]: "lg",
  [TextSize.XL]: "xl",
};

/** Plain text, which may grow while it is shown, or be the field of a form. */
export function Text({ value, widget }: ComponentProps<"text">) {
  const editable = value.editable?.value;
  const field = editable?.case === "field" ? editable.value : undefined;
  const lines = value.minLines ?? 0;
  const style = compact({
    ...typography(value),
    width: pixels(value.width),
    fontStyle: value.italic ? "italic" : undefined,
    textDecorationLine: value.lineThrough ? "line-through" : undefined,
    minHeight: lines > 0 ? `${lines}lh` : undefined,
  });
  const classes = `ws-text ws-text--${TEXT_SIZES[value.size ?? TextSize.UNSPECIFIED]}${field ? "" : clampClass(value)}`;
  return (
    <div className={classes} style={style} {...named(widget)}>
      {field ? (
        <EditableText id={widget.id} field={field} initial={value.value} />
      ) : (
        <StreamingText text={value.value} streaming={value.streaming ?? false} />
      )}
    </div>
  );
}
