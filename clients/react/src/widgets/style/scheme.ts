import { Theme } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import type { Color } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_style_pb";

export interface SchemeAttributes {
  "data-theme"?: "light" | "dark";
}

/**
 * Returns the attribute that sets the theme of a container: the one that the widget forces, else the one in which text
 * can be read on its background, where that is the same colour in both themes.
 */
export function schemeAttributes(background: Color | undefined, theme?: Theme): SchemeAttributes {
  if (theme === Theme.LIGHT) return { "data-theme": "light" };
  if (theme === Theme.DARK) return { "data-theme": "dark" };
  const light = background?.value.case === "name" ? isLight(background.value.value) : undefined;
  return light === undefined ? {} : { "data-theme": light ? "light" : "dark" };
}

const PRIMITIVE = /^(?:red|pink|orange|yellow|green|purple|blue)-(\d+)$/;
const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

function isLight(color: string): boolean | undefined {
  const shade = PRIMITIVE.exec(color)?.[1];
  if (shade !== undefined) return Number(shade) <= (color.startsWith("yellow") ? 500 : 300);
  if (color === "white") return true;
  if (color === "black") return false;
  return HEX.test(color) ? luminance(color) > 0.3 : undefined;
}

function luminance(hex: string): number {
  const digits = hex.length === 4 ? hex.slice(1).replace(/./g, "$&$&") : hex.slice(1);
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map(
    (at) => (Number.parseInt(digits.slice(at, at + 2), 16) / 255) ** 2.2,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
