import type { ChatFrontend, WebSettings } from "./settings";

/**
 * Returns the Content-Security-Policy of a page.
 *
 * @param nonce What scripts and style elements of this answer carry.
 * @param frontend What the page draws the chat with, if it has one. Only ChatKit's element lets another origin in: the one that its script comes from.
 */
export function contentSecurityPolicy(
  settings: WebSettings,
  nonce: string,
  frontend: ChatFrontend | undefined,
): string {
  const chatkit = frontend === "chatkit" ? [new URL(settings.chatkit.script).origin] : [];
  const images = settings.imageDomains.map((domain) => `https://${domain}`);
  const rules: Record<string, readonly string[]> = {
    "default-src": ["'self'"],
    "script-src": ["'self'", `'nonce-${nonce}'`, ...chatkit],
    "style-src": ["'self'", `'nonce-${nonce}'`, ...chatkit],
    // Sizes and colours that a widget states: attributes, which cannot hold rules.
    "style-src-attr": ["'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:", ...images, ...chatkit],
    "font-src": ["'self'", ...chatkit],
    "connect-src": ["'self'", ...chatkit],
    "frame-src": chatkit.length ? chatkit : ["'none'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
  };
  return Object.entries(rules)
    .map(([name, sources]) => `${name} ${sources.join(" ")}`)
    .join("; ");
}
