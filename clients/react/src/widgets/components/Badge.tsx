import { BadgeColor, BadgeSize, BadgeVariant } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_text_pb";
import { Badge as BadgeControl, type BadgeProps } from "../../controls/Badge.js";
import type { ComponentProps } from "../component.js";
import { named } from "../WidgetNode.js";

const COLORS: Readonly<Record<BadgeColor, BadgeProps["color"]>> = {
  [BadgeColor.UNSPECIFIED]: undefined,
  [BadgeColor.SECONDARY]: "secondary",
  [BadgeColor.SUCCESS]: "success",
  [BadgeColor.DANGER]: "danger",
  [BadgeColor.WARNING]: "warning",
  [BadgeColor.INFO]: "info",
  [BadgeColor.DISCOVERY]: "discovery",
};

const VARIANTS: Readonly<Record<BadgeVariant, BadgeProps["variant"]>> = {
  [BadgeVariant.UNSPECIFIED]: undefined,
  [BadgeVariant.SOLID]: "solid",
  [BadgeVariant.SOFT]: "soft",
  [BadgeVariant.OUTLINE]: "outline",
};

const SIZES: Readonly<Record<BadgeSize, BadgeProps["size"]>> = {
  [BadgeSize.UNSPECIFIED]: undefined,
  [BadgeSize.SM]: "sm",
  [BadgeSize.MD]: "md",
  [BadgeSize.LG]: "lg",
};

/** A small label of a state or a category. */
export function Badge({ value, widget }: ComponentProps<"badge">) {
  return (
    <BadgeControl
      color={COLORS[value.color ?? BadgeColor.UNSPECIFIED]}
      variant={VARIANTS[value.variant ?? BadgeVariant.UNSPECIFIED]}
      size={SIZES[value.size ?? BadgeSize.UNSPECIFIED]}
      pill={value.pill}
      {...named(widget)}
    >
      {value.label}
    </BadgeControl>
  );
}
