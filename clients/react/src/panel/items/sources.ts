import type { Source, UrlSource } from "@widgetstream/client";
import { safeLink } from "../../markdown/index.js";

/** What a source is called. */
export function titleOf({ source }: Source): string {
  switch (source.case) {
    case "url":
      return source.value.title || hostOf(source.value) || source.value.url;
    case "file":
      return source.value.title || source.value.filename;
    case "entity":
      return source.value.title;
    default:
      return "";
  }
}

/** The quieter line of a source: who published it, which file, what kind of thing. */
export function originOf({ source }: Source): string {
  switch (source.case) {
    case "url":
      return source.value.attribution ?? hostOf(source.value);
    case "file":
      return source.value.filename;
    case "entity":
      return source.value.label ?? "";
    default:
      return "";
  }
}

/** The icon of a source. */
export function iconOf({ source }: Source): string {
  switch (source.case) {
    case "file":
      return "document";
    case "entity":
      return source.value.icon ?? "square-text";
    default:
      return "globe";
  }
}

function hostOf({ url }: UrlSource): string {
  const safe = safeLink(url);
  return safe ? new URL(safe).hostname.replace(/^www\./, "") : "";
}
