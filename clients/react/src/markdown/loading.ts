import type { ComponentType } from "react";
import type { MarkdownProps } from "./MarkdownText.js";

let renderer: ComponentType<MarkdownProps> | undefined;
let loading: Promise<void> | undefined;
const listeners = new Set<() => void>();

/** Loads what renders markdown, a third of all that a page with the panel needs, unless it is there. */
export function loadMarkdown(): Promise<void> {
  loading ??= import("./MarkdownText.js").then(
    ({ MarkdownText }) => {
      renderer = MarkdownText;
      for (const tell of listeners) tell();
    },
    () => {
      // Without a network: the next text tries again.
      loading = undefined;
    },
  );
  return loading;
}

/** What renders markdown. Undefined: it is not there yet. */
export function currentRenderer(): ComponentType<MarkdownProps> | undefined {
  return renderer;
}

/** Loads it, and calls a listener when it is there. Returns what ends that. */
export function subscribeToRenderer(listener: () => void): () => void {
  listeners.add(listener);
  void loadMarkdown();
  return () => listeners.delete(listener);
}
