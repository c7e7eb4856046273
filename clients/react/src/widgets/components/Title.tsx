import { TitleSize } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_text_pb";
import type { ComponentProps } from "../component.js";
import { clampClass, typography } from "../style/text.js";
import { named } from "../WidgetNode.js";

const SIZES: Readonly<Record<TitleSize, string>> = {
  [TitleSize.TITLE_SIZE_UNSPECIFIED]: "md",
  [TitleSize.TITLE_SIZE_SM]: "sm",
  [TitleSize.TITLE_SIZE_MD]: "md",
  [TitleSize.TITLE_SIZE_LG]: "lg",
  [TitleSize.TITLE_SIZE_XL]: "xl",
  [TitleSize.TITLE_SIZE_2XL]: "2xl",
  [TitleSize.TITLE_SIZE_3XL]: "3xl",
  [TitleSize.TITLE_SIZE_4XL]: "4xl",
  [TitleSize.TITLE_SIZE_5XL]: "5xl",
};

/** A headline. */
export function Title({ value, widget }: ComponentProps<"title">) {
  const size = SIZES[value.size ?? TitleSize.TITLE_SIZE_UNSPECIFIED];
  return (
    // A widget stands anywhere on a page, so it cannot know which level of heading it is; it is one below the thread's.
    <h3 className={`ws-title ws-title--${size}${clampClass(value)}`} style={typography(value)} {...named(widget)}>
      {value.value}
    </h3>
  );
}
