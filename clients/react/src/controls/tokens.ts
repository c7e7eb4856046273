/** Heights of controls, from 22 px to 48 px. */
export type ControlSize = "3xs" | "2xs" | "xs" | "sm" | "md" | "lg" | "xl" | "2xl" | "3xl";
export type ControlVariant = "solid" | "soft" | "outline" | "ghost";
export type ControlColor =
  | "primary"
  | "secondary"
  | "info"
  | "discovery"
  | "success"
  | "caution"
  | "warning"
  | "danger";
