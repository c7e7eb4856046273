import {
  type Border,
  type BorderEdge,
  type BorderProperty,
  BorderStyle,
} from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_style_pb";
import type { CSSProperties } from "react";
import { cssColor } from "./color.js";

const LINES: Readonly<Record<BorderStyle, string>> = {
  [BorderStyle.UNSPECIFIED]: "solid",
  [BorderStyle.SOLID]: "solid",
  [BorderStyle.DASHED]: "dashed",
  [BorderStyle.DOTTED]: "dotted",
  [BorderStyle.DOUBLE]: "double",
  [BorderStyle.GROOVE]: "groove",
  [BorderStyle.RIDGE]: "ridge",
  [BorderStyle.INSET]: "inset",
  [BorderStyle.OUTSET]: "outset",
};

/** Returns the border that a widget asks for. */
export function border(property: BorderProperty | undefined): CSSProperties {
  const value = property?.value;
  switch (value?.case) {
    case "size":
      return { border: plain(value.value) };
    case "border":
      return { border: full(value.value) };
    case "edges": {
      const { top, right, bottom, left, x, y } = value.value;
      const style: CSSProperties = {};
      assign(style, "borderBlockStart", top ?? y);
      assign(style, "borderBlockEnd", bottom ?? y);
      assign(style, "borderInlineStart", left ?? x);
      assign(style, "borderInlineEnd", right ?? x);
      return style;
    }
    default:
      return {};
  }
}

type EdgeName = "borderBlockStart" | "borderBlockEnd" | "borderInlineStart" | "borderInlineEnd";

function assign(style: CSSProperties, name: EdgeName, edge: BorderEdge | undefined): void {
  const value = edge?.value;
  if (value?.case === "size") style[name] = plain(value.value);
  if (value?.case === "border") style[name] = full(value.value);
}

function plain(size: number): string {
  return `${Math.max(0, size)}px solid var(--ws-border-default)`;
}

function full({ size, color, style = BorderStyle.UNSPECIFIED }: Border): string {
  return `${Math.max(0, size)}px ${LINES[style] ?? "solid"} ${cssColor(color, "border") ?? "var(--ws-border-default)"}`;
}
