import { FRONTEND_COOKIE, THEME_COOKIE, type Theme } from "@/server/choices";
import type { ChatFrontend } from "@/server/settings";

/** What is kept of an element that could not be had, until the tab is closed. */
export const CHATKIT_FAILED = "widgetstream.chatkit-failed";
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Shows a theme, and keeps it for the next page. */
export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  keep(THEME_COOKIE, theme);
}

/** Draws the chat with something else: as a new page, whose policy lets in what that needs and nothing more. */
export function chooseFrontend(frontend: ChatFrontend): void {
  keep(FRONTEND_COOKIE, frontend);
  // Who chooses the element wants it tried again.
  window.sessionStorage.removeItem(CHATKIT_FAILED);
  window.location.reload();
}

function keep(name: string, value: string): void {
  const secure = window.location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the server reads these two when it makes the page.
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=lax${secure}`;
}
