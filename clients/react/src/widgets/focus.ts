/**
 * Remembers what has the focus inside an element, before it is made inert, which takes the focus away.
 *
 * Returns what gives the focus back: to the same element, or to what has its place by then. It does nothing when the
 * person has gone elsewhere meanwhile.
 */
export function keepFocus(root: HTMLElement | null): () => void {
  const active = document.activeElement;
  if (!root || !(active instanceof HTMLElement) || !root.contains(active)) return () => {};
  const id = active.closest("[data-widget-id]")?.getAttribute("data-widget-id");
  return () => {
    const now = document.activeElement;
    if (now && now !== document.body && now !== active) return;
    if (active.isConnected) {
      active.focus({ preventScroll: true });
      return;
    }
    const place = id ? root.querySelector<HTMLElement>(`[data-widget-id="${CSS.escape(id)}"]`) : null;
    const target = place?.matches(FOCUSABLE) ? place : (place ?? root).querySelector<HTMLElement>(FOCUSABLE);
    target?.focus({ preventScroll: true });
  };
}

const FOCUSABLE =
  'button:not([disabled]), a[href], input:not([disabled]), textarea:not([disabled]), select:not([disabled]), [tabindex="0"]';
