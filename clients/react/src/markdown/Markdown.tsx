import { useSyncExternalStore } from "react";
import { currentRenderer, subscribeToRenderer } from "./loading.js";
import type { MarkdownProps } from "./MarkdownText.js";

/**
 * Renders markdown safely: no HTML, links to http, https and mailto alone, images from allowed hosts alone. What does it
 * is loaded with the first text, or by `loadMarkdown`; until then the text stands there as it was written.
 */
export function Markdown(props: MarkdownProps) {
  const Text = useSyncExternalStore(subscribeToRenderer, currentRenderer, none);
  return Text ? <Text {...props} /> : <p className="ws-markdown ws-markdown--plain">{props.text}</p>;
}

function none(): undefined {
  return undefined;
}
