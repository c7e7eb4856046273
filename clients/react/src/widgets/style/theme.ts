import { Theme } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";

/** Returns the attribute that forces a theme on a subtree, if the widget asks for one. */
export function themeAttributes(theme: Theme | undefined): { "data-theme"?: "light" | "dark" } {
  if (theme === Theme.LIGHT) return { "data-theme": "light" };
  return theme === Theme.DARK ? { "data-theme": "dark" } : {};
}
