import type { Color } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_style_pb";
import { safeCss } from "./css.js";

/** The property a colour is for, which decides what its tokens mean. */
export type ColorRole = "text" | "surface" | "border" | "chart";

const TOKENS: Readonly<Record<ColorRole, ReadonlySet<string>>> = {
  text: new Set(["prose", "primary", "emphasis", "secondary", "tertiary", "success", "warning", "danger"]),
  surface: new Set([
    "surface",
    "surface-secondary",
    "surface-tertiary",
    "surface-elevated",
    "surface-elevated-secondary",
  ]),
  border: new Set(["default", "subtle", "strong"]),
  chart: new Set(["blue", "purple", "orange", "green", "red", "yellow", "pink"]),
};

const PREFIXES: Readonly<Record<ColorRole, string>> = {
  text: "--ws-text-",
  surface: "--ws-",
  border: "--ws-border-",
  chart: "--ws-chart-",
};

const PRIMITIVE =
  /^(?:gray|red|pink|orange|yellow|green|purple|blue)-(?:0|25|50|75|100|150|200|250|300|350|400|450|500|550|600|650|700|750|800|850|900|950|1000)$/;

/** Returns the CSS colour of a widget's colour, or undefined where it says nothing that can be used. */
export function cssColor(color: Color | undefined, role: ColorRole): string | undefined {
  const value = color?.value;
  switch (value?.case) {
    case "name":
      // Greys alone follow the theme: what is light on white is dark on black. Of a pair each is meant as it is.
      return /^gray-/.test(value.value) && PRIMITIVE.test(value.value)
        ? `var(--ws-adaptive-${value.value})`
        : named(value.value, role);
    case "theme": {
      const light = named(value.value.light, role);
      const dark = named(value.value.dark, role);
      return light && dark ? `light-dark(${light}, ${dark})` : (light ?? dark);
    }
    default:
      return undefined;
  }
}

function named(name: string, role: ColorRole): string | undefined {
  if (TOKENS[role].has(name)) return `var(${PREFIXES[role]}${name})`;
  if (PRIMITIVE.test(name)) return `var(--ws-${name})`;
  return safeCss(name);
}
