import {
  ButtonColor,
  ButtonIconSize,
  ControlSize,
  ControlVariant,
  FieldVariant,
  GutterSize,
} from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_control_pb";
import type { FieldLook } from "../../controls/field.js";
import type * as tokens from "../../controls/tokens.js";

export const CONTROL_SIZES: Readonly<Record<ControlSize, tokens.ControlSize | undefined>> = {
  [ControlSize.CONTROL_SIZE_UNSPECIFIED]: undefined,
  [ControlSize.CONTROL_SIZE_3XS]: "3xs",
  [ControlSize.CONTROL_SIZE_2XS]: "2xs",
  [ControlSize.CONTROL_SIZE_XS]: "xs",
  [ControlSize.CONTROL_SIZE_SM]: "sm",
  [ControlSize.CONTROL_SIZE_MD]: "md",
  [ControlSize.CONTROL_SIZE_LG]: "lg",
  [ControlSize.CONTROL_SIZE_XL]: "xl",
  [ControlSize.CONTROL_SIZE_2XL]: "2xl",
  [ControlSize.CONTROL_SIZE_3XL]: "3xl",
};

export const CONTROL_VARIANTS: Readonly<Record<ControlVariant, tokens.ControlVariant | undefined>> = {
  [ControlVariant.UNSPECIFIED]: undefined,
  [ControlVariant.SOLID]: "solid",
  [ControlVariant.SOFT]: "soft",
  [ControlVariant.OUTLINE]: "outline",
  [ControlVariant.GHOST]: "ghost",
};

export const BUTTON_COLORS: Readonly<Record<ButtonColor, tokens.ControlColor | undefined>> = {
  [ButtonColor.UNSPECIFIED]: undefined,
  [ButtonColor.PRIMARY]: "primary",
  [ButtonColor.SECONDARY]: "secondary",
  [ButtonColor.INFO]: "info",
  [ButtonColor.DISCOVERY]: "discovery",
  [ButtonColor.SUCCESS]: "success",
  [ButtonColor.CAUTION]: "caution",
  [ButtonColor.WARNING]: "warning",
  [ButtonColor.DANGER]: "danger",
};

export const BUTTON_ICON_SIZES: Readonly<Record<ButtonIconSize, "sm" | "md" | "lg" | "xl" | "2xl" | undefined>> = {
  [ButtonIconSize.BUTTON_ICON_SIZE_UNSPECIFIED]: undefined,
  [ButtonIconSize.BUTTON_ICON_SIZE_SM]: "sm",
  [ButtonIconSize.BUTTON_ICON_SIZE_MD]: "md",
  [ButtonIconSize.BUTTON_ICON_SIZE_LG]: "lg",
  [ButtonIconSize.BUTTON_ICON_SIZE_XL]: "xl",
  [ButtonIconSize.BUTTON_ICON_SIZE_2XL]: "2xl",
};

const FIELD_VARIANTS: Readonly<Record<FieldVariant, "soft" | "outline" | undefined>> = {
  [FieldVariant.UNSPECIFIED]: undefined,
  [FieldVariant.SOFT]: "soft",
  [FieldVariant.OUTLINE]: "outline",
};

const GUTTERS: Readonly<Record<GutterSize, FieldLook["gutter"]>> = {
  [GutterSize.GUTTER_SIZE_UNSPECIFIED]: undefined,
  [GutterSize.GUTTER_SIZE_2XS]: "2xs",
  [GutterSize.GUTTER_SIZE_XS]: "xs",
  [GutterSize.GUTTER_SIZE_SM]: "sm",
  [GutterSize.GUTTER_SIZE_MD]: "md",
  [GutterSize.GUTTER_SIZE_LG]: "lg",
  [GutterSize.GUTTER_SIZE_XL]: "xl",
};

/** Returns the looks of a control that has sizes and variants. */
export function controlLook(value: { size?: ControlSize; variant?: ControlVariant; pill?: boolean; block?: boolean }) {
  return {
    size: value.size === undefined ? undefined : CONTROL_SIZES[value.size],
    variant: value.variant === undefined ? undefined : CONTROL_VARIANTS[value.variant],
    pill: value.pill,
    block: value.block,
  };
}

/** Returns the looks of a text field. */
export function textFieldLook(value: {
  size?: ControlSize;
  variant?: FieldVariant;
  gutterSize?: GutterSize;
  pill?: boolean;
}): FieldLook {
  return {
    size: value.size === undefined ? undefined : CONTROL_SIZES[value.size],
    variant: value.variant === undefined ? undefined : FIELD_VARIANTS[value.variant],
    gutter: value.gutterSize === undefined ? undefined : GUTTERS[value.gutterSize],
    pill: value.pill,
  };
}
