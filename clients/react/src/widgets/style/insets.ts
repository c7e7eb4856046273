import type { Insets, Spacing } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_style_pb";
import type { CSSProperties } from "react";
import { safeCss } from "./css.js";
import { spacing, units } from "./length.js";

/** Returns the padding or margin that a widget asks for. Left and right are those of the reading direction. */
export function insets(kind: "padding" | "margin", value: Insets | undefined): CSSProperties {
  const given = value?.value;
  switch (given?.case) {
    case "number":
      return Number.isFinite(given.value) ? { [kind]: units(given.value) } : {};
    case "text":
      return { [kind]: safeCss(given.value) };
    case "sides":
      return sides(kind, given.value);
    default:
      return {};
  }
}

/** Returns padding or margin side by side. */
export function sides(kind: "padding" | "margin", value: Spacing | undefined): CSSProperties {
  if (!value) return {};
  return compact({
    [`${kind}BlockStart`]: spacing(value.top) ?? spacing(value.y),
    [`${kind}BlockEnd`]: spacing(value.bottom) ?? spacing(value.y),
    [`${kind}InlineStart`]: spacing(value.left) ?? spacing(value.x),
    [`${kind}InlineEnd`]: spacing(value.right) ?? spacing(value.x),
  });
}

/** Returns a style without what is not set, so that it overrides nothing. */
export function compact(style: CSSProperties): CSSProperties {
  return Object.fromEntries(Object.entries(style).filter(([, value]) => value !== undefined)) as CSSProperties;
}
