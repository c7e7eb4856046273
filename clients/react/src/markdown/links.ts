const LINK_SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);
const SAFE_IMAGE_DATA = /^data:image\/(?:png|jpe?g|gif|webp|avif|bmp|svg\+xml)[;,]/i;

/** Returns a link's address if it is safe to follow (http, https, mailto), or undefined. */
export function safeLink(href: string | undefined): string | undefined {
  if (!href) return undefined;
  try {
    const url = new URL(href, "https://relative.invalid");
    // A relative address would lead into the page that shows the text, which its author does not know.
    if (url.hostname === "relative.invalid" || !LINK_SCHEMES.has(url.protocol)) return undefined;
    return href;
  } catch {
    return undefined;
  }
}

/**
 * Returns an image's address if it may be loaded, or undefined.
 *
 * Allowed are the page's own origin, `data:` pictures (an `<img>` runs no script, also in SVG) and `blob:`, and the
 * hosts that the application lists: `example.com` for that host alone, `*.example.com` for those below it, or an origin
 * with its scheme and port. A host without a scheme is allowed over https alone.
 */
export function safeImage(src: string | undefined, domains: readonly string[]): string | undefined {
  if (!src) return undefined;
  if (SAFE_IMAGE_DATA.test(src)) return src;
  const origin = typeof location === "undefined" ? undefined : location.origin;
  let url: URL;
  try {
    url = new URL(src, origin && origin !== "null" ? origin : undefined);
  } catch {
    return undefined;
  }
  if (url.protocol === "blob:") return origin && url.origin === origin ? src : undefined;
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  if (url.username || url.password) return undefined;
  if (url.origin === origin) return src;
  return domains.some((domain) => matches(url, domain)) ? url.href : undefined;
}

function matches(url: URL, domain: string): boolean {
  if (domain === "*") return url.protocol === "https:";
  if (domain.includes("://")) return url.origin === domain.replace(/\/+$/, "").toLowerCase();
  if (url.protocol !== "https:") return false;
  const host = domain.toLowerCase();
  if (host.startsWith("*.")) return url.hostname.endsWith(host.slice(1));
  return url.hostname === host || url.host === host;
}
