import { type Color, FontWeight, TextAlign } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_style_pb";
import type { CSSProperties } from "react";
import { cssColor } from "./color.js";
import { compact } from "./insets.js";

const WEIGHTS: Readonly<Record<FontWeight, number | undefined>> = {
  [FontWeight.UNSPECIFIED]: undefined,
  [FontWeight.NORMAL]: 400,
  [FontWeight.MEDIUM]: 500,
  [FontWeight.SEMIBOLD]: 600,
  [FontWeight.BOLD]: 700,
};

const ALIGN: Readonly<Record<TextAlign, "start" | "center" | "end" | undefined>> = {
  [TextAlign.UNSPECIFIED]: undefined,
  [TextAlign.START]: "start",
  [TextAlign.CENTER]: "center",
  [TextAlign.END]: "end",
};

/** The properties that texts of all kinds share. */
export interface Typography {
  color?: Color;
  weight?: FontWeight;
  textAlign?: TextAlign;
  truncate?: boolean;
  maxLines?: number;
}

/** Returns the style of a text, without its size. */
export function typography(value: Typography): CSSProperties {
  const lines = value.maxLines !== undefined && value.maxLines > 0 ? value.maxLines : undefined;
  return compact({
    color: cssColor(value.color, "text"),
    fontWeight: value.weight === undefined ? undefined : WEIGHTS[value.weight],
    textAlign: value.textAlign === undefined ? undefined : ALIGN[value.textAlign],
    WebkitLineClamp: lines,
  });
}

/** Returns the class that cuts a text off: after so many lines, or at the end of its only line. */
export function clampClass({ truncate, maxLines }: Typography): string {
  if (maxLines !== undefined && maxLines > 0) return " ws-clamp";
  return truncate ? " ws-truncate" : "";
}
