import type { ChatFrontend, WebSettings } from "./settings";

/** Cookies that keep what a person chose in the page's menu. They say nothing about who it is. */
export const FRONTEND_COOKIE = "widgetstream.chat";
export const THEME_COOKIE = "widgetstream.theme";

export type Theme = "light" | "dark" | "system";

interface Cookies {
  get(name: string): { value: string } | undefined;
}

/** Returns what the chat is drawn with: what the person chose, else what the settings say. */
export function chosenFrontend(settings: WebSettings, cookies: Cookies): ChatFrontend {
  const chosen = cookies.get(FRONTEND_COOKIE)?.value;
  return chosen === "built-in" || chosen === "chatkit" ? chosen : settings.chat;
}

/** Where the chat is: the one page that draws anything with `chosenFrontend`. */
const CHAT_PAGE = "/chat";

/** Returns what a page draws the chat with; undefined: it has none. */
export function frontendOfPage(settings: WebSettings, pathname: string, cookies: Cookies): ChatFrontend | undefined {
  return pathname === CHAT_PAGE ? chosenFrontend(settings, cookies) : undefined;
}

/** Returns the theme that the person chose. */
export function chosenTheme(cookies: Cookies): Theme {
  const chosen = cookies.get(THEME_COOKIE)?.value;
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}
