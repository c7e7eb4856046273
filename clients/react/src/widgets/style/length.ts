import type { Length } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_style_pb";
import { safeCss } from "./css.js";

/** Returns a length whose number counts pixels. */
export function pixels(length: Length | undefined): string | undefined {
  return cssLength(length, (number) => `${number}px`);
}

/** Returns a distance whose number counts spacing units, which the theme's density sets. */
export function spacing(length: Length | undefined): string | undefined {
  return cssLength(length, units);
}

/** Returns a factor, such as `flex` or an aspect ratio: a number as it is. */
export function factor(length: Length | undefined): string | undefined {
  return cssLength(length, String);
}

/** Returns a number of spacing units as CSS. */
export function units(number: number): string {
  return number === 0 ? "0px" : `calc(var(--ws-spacing) * ${number})`;
}

function cssLength(length: Length | undefined, write: (number: number) => string): string | undefined {
  const value = length?.value;
  switch (value?.case) {
    case "number":
      return Number.isFinite(value.value) ? write(value.value) : undefined;
    case "text":
      return safeCss(value.value);
    default:
      return undefined;
  }
}
