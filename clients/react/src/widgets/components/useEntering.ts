import { type RefObject, useEffect, useState } from "react";

type TextField = HTMLInputElement | HTMLTextAreaElement;

/**
 * Focuses a field when it appears, and selects its text, as a widget asks for: once, and never away from a field that
 * the person is writing in.
 */
export function useEntering(
  element: RefObject<TextField | null>,
  autoFocus: boolean | undefined,
  autoSelect: boolean | undefined,
): void {
  // What was wished for when the field appeared: a later value of these properties asks for nothing.
  const [wish] = useState({ autoFocus, autoSelect });
  useEffect(() => {
    const field = element.current;
    if (!field) return;
    if (wish.autoFocus && !isWriting()) field.focus({ preventScroll: true });
    if (!wish.autoSelect) return;
    if (document.activeElement === field) field.select();
    const select = () => field.select();
    field.addEventListener("focus", select, { once: true });
    return () => field.removeEventListener("focus", select);
  }, [element, wish]);
}

function isWriting(): boolean {
  const active = document.activeElement;
  return active instanceof HTMLTextAreaElement || (active instanceof HTMLInputElement && active.value !== "");
}
