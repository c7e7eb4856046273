import type { ComponentPropsWithRef, ReactNode } from "react";
import { Icon } from "../icons/Icon.js";
import { Spinner } from "./Spinner.js";
import type { ControlColor, ControlSize, ControlVariant } from "./tokens.js";

export interface ButtonProps extends Omit<ComponentPropsWithRef<"button">, "color"> {
  /** Default `secondary`. */
  color?: ControlColor;
  /** Default `outline`. */
  variant?: ControlVariant;
  /** Default `lg`, 36 px. */
  size?: ControlSize;
  iconStart?: string;
  iconEnd?: string;
  iconSize?: "sm" | "md" | "lg" | "xl" | "2xl";
  /** Fully rounded. */
  pill?: boolean;
  /** As wide as it is high, for an icon alone. */
  uniform?: boolean;
  /** As wide as its container. */
  block?: boolean;
  /** Shows that its work is under way. The button keeps its size and its focus, and does nothing meanwhile. */
  busy?: boolean;
  /** Cannot be used for the moment, though nothing is wrong with it: it keeps its looks and its focus. */
  blocked?: boolean;
  children?: ReactNode;
}

/** A button. */
export function Button(props: ButtonProps) {
  const { color = "secondary", variant = "outline", size = "lg", type = "button", ...rest } = props;
  const { iconStart, iconEnd, iconSize, pill, uniform, block, busy, blocked, className, onClick, children, ...own } =
    rest;
  const inactive = busy || blocked;
  return (
    <button
      {...own}
      type={type}
      className={className ? `ws-button ${className}` : "ws-button"}
      data-color={color}
      data-variant={variant}
      data-size={size}
      data-icon-size={iconSize}
      data-pill={pill || undefined}
      data-uniform={uniform || undefined}
      data-block={block || undefined}
      data-busy={busy || undefined}
      aria-busy={busy || undefined}
      aria-disabled={inactive || undefined}
      onClick={(event) => {
        if (inactive) event.preventDefault();
        else onClick?.(event);
      }}
    >
      <span className="ws-button__content">
        {iconStart && <Icon name={iconStart} />}
        {children && <span className="ws-button__label">{children}</span>}
        {iconEnd && <Icon name={iconEnd} />}
      </span>
      {busy && <Spinner className="ws-button__spinner" />}
    </button>
  );
}
