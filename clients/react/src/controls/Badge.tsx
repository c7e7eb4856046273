import type { ComponentPropsWithRef } from "react";
import type { ControlColor } from "./tokens.js";

export interface BadgeProps extends Omit<ComponentPropsWithRef<"span">, "color"> {
  /** Default `secondary`. */
  color?: ControlColor;
  /** Default `soft`. */
  variant?: "solid" | "soft" | "outline";
  /** Default `sm`. */
  size?: "sm" | "md" | "lg";
  pill?: boolean;
}

/** A small label of a state or a category. */
export function Badge({ color = "secondary", variant = "soft", size = "sm", pill, ...own }: BadgeProps) {
  return (
    <span
      {...own}
      className="ws-badge"
      data-color={color}
      data-variant={variant}
      data-size={size}
      data-pill={pill || undefined}
    />
  );
}
