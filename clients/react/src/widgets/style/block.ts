import {
  Direction,
  type Insets,
  type Length,
  Radius,
} from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_style_pb";
import type { CSSProperties } from "react";
import { compact, insets } from "./insets.js";
import { factor, pixels } from "./length.js";

/** The properties that say how large a component is. */
export interface Sized {
  flex?: Length;
  height?: Length;
  width?: Length;
  size?: Length;
  minHeight?: Length;
  minWidth?: Length;
  minSize?: Length;
  maxHeight?: Length;
  maxWidth?: Length;
  maxSize?: Length;
  aspectRatio?: Length;
}

/** Returns the size of a component. The exact property wins over the shorthand for both. */
export function sized(value: Sized): CSSProperties {
  const height = pixels(value.height) ?? pixels(value.size);
  const width = pixels(value.width) ?? pixels(value.size);
  return compact({
    flex: factor(value.flex),
    height,
    width,
    minHeight: pixels(value.minHeight) ?? pixels(value.minSize),
    minWidth: pixels(value.minWidth) ?? pixels(value.minSize),
    maxHeight: pixels(value.maxHeight) ?? pixels(value.maxSize),
    maxWidth: pixels(value.maxWidth) ?? pixels(value.maxSize),
    aspectRatio: factor(value.aspectRatio),
    // A size that is asked for is kept: it does not shrink where space is short, but never leaves its container.
    flexShrink: width?.endsWith("px") && value.flex === undefined ? 0 : undefined,
  });
}

const RADII: Readonly<Record<Radius, string | undefined>> = {
  [Radius.RADIUS_UNSPECIFIED]: undefined,
  [Radius.RADIUS_2XS]: "var(--ws-radius-2xs)",
  [Radius.RADIUS_XS]: "var(--ws-radius-xs)",
  [Radius.RADIUS_SM]: "var(--ws-radius-sm)",
  [Radius.RADIUS_MD]: "var(--ws-radius-md)",
  [Radius.RADIUS_LG]: "var(--ws-radius-lg)",
  [Radius.RADIUS_XL]: "var(--ws-radius-xl)",
  [Radius.RADIUS_2XL]: "var(--ws-radius-2xl)",
  [Radius.RADIUS_3XL]: "var(--ws-radius-3xl)",
  [Radius.RADIUS_4XL]: "var(--ws-radius-4xl)",
  [Radius.RADIUS_FULL]: "9999px",
  [Radius.RADIUS_PERCENT_100]: "100%",
  [Radius.RADIUS_NONE]: "0",
};

/** Returns the radius of a token. */
export function radius(token: Radius | undefined): string | undefined {
  return token === undefined ? undefined : RADII[token];
}

/** Returns the outer distance. */
export function margin(value: Insets | undefined): CSSProperties {
  return insets("margin", value);
}

/** Returns the CSS of a flex direction. */
export function flexDirection(direction: Direction | undefined): "row" | "column" | undefined {
  if (direction === Direction.ROW) return "row";
  return direction === Direction.COL ? "column" : undefined;
}
