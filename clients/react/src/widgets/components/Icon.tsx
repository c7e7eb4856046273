import { IconSize } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_text_pb";
import { Icon as IconDrawing } from "../../icons/Icon.js";
import type { ComponentProps } from "../component.js";
import { cssColor } from "../style/color.js";
import { compact } from "../style/insets.js";
import { named } from "../WidgetNode.js";

const SIZES: Readonly<Record<IconSize, string>> = {
  [IconSize.ICON_SIZE_UNSPECIFIED]: "md",
  [IconSize.ICON_SIZE_XS]: "xs",
  [IconSize.ICON_SIZE_SM]: "sm",
  [IconSize.ICON_SIZE_MD]: "md",
  [IconSize.ICON_SIZE_LG]: "lg",
  [IconSize.ICON_SIZE_XL]: "xl",
  [IconSize.ICON_SIZE_2XL]: "2xl",
  [IconSize.ICON_SIZE_3XL]: "3xl",
};

/** An icon by its name. */
export function Icon({ value, widget }: ComponentProps<"icon">) {
  return (
    <span
      className={`ws-widget-icon ws-widget-icon--${SIZES[value.size ?? IconSize.ICON_SIZE_UNSPECIFIED]}`}
      style={compact({ color: cssColor(value.color, "text") })}
      {...named(widget)}
    >
      <IconDrawing name={value.name} />
    </span>
  );
}
