import { type RefObject, useLayoutEffect } from "react";

/** Checks a text area against a pattern, which HTML does for inputs alone. An invalid pattern checks nothing. */
export function usePattern(
  element: RefObject<HTMLTextAreaElement | null>,
  pattern: string | undefined,
  value: string,
): void {
  useLayoutEffect(() => {
    element.current?.setCustomValidity(
      value === "" || matches(pattern, value) ? "" : "Please match the requested format.",
    );
  }, [element, pattern, value]);
}

function matches(pattern: string | undefined, value: string): boolean {
  if (!pattern) return true;
  try {
    return new RegExp(`^(?:${pattern})$`, "v").test(value);
  } catch {
    return true;
  }
}
