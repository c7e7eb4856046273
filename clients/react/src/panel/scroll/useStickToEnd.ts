import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** So near to the end counts as there, in CSS pixels. */
const NEAR = 48;
/** So near to the beginning, older items are asked for. */
const FAR_UP = 320;

export interface Sticking {
  /** Whether the end is in view, and stays there. */
  atEnd: boolean;
  toEnd(): void;
}

/**
 * Keeps the end of a scrolled content in view while the person is there, and leaves them where they are otherwise, also
 * when content is put in before what they see.
 *
 * @param first Names the first entry: when it changes, content was put in before it.
 * @param onNearStart Called when the beginning comes into view.
 */
export function useStickToEnd(
  frame: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  first: string | undefined,
  onNearStart: () => void,
): Sticking {
  const [atEnd, setAtEnd] = useState(true);
  const sticks = useRef(true);
  const height = useRef(0);
  const near = useRef(onNearStart);
  near.current = onNearStart;

  const stick = useCallback((there: boolean) => {
    sticks.current = there;
    setAtEnd(there);
  }, []);

  const toEnd = useCallback(() => {
    const element = frame.current;
    if (!element) return;
    stick(true);
    element.scrollTop = element.scrollHeight;
  }, [frame, stick]);

  useEffect(() => {
    const element = frame.current;
    if (!element || !content.current) return undefined;
    let before = element.scrollTop;
    const onScroll = () => {
      const left = element.scrollHeight - element.scrollTop - element.clientHeight;
      // Content that grows moves the end away from the person; only they themselves move away from the end.
      if (left <= NEAR) stick(true);
      else if (element.scrollTop < before) stick(false);
      before = element.scrollTop;
      if (element.scrollTop < FAR_UP) near.current();
    };
    const observer = new ResizeObserver(() => {
      if (sticks.current) element.scrollTop = element.scrollHeight;
      height.current = element.scrollHeight;
      // A page that is not full has nothing to scroll.
      if (element.clientHeight > 0 && element.scrollTop < FAR_UP) near.current();
    });
    element.addEventListener("scroll", onScroll, { passive: true });
    observer.observe(content.current);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", onScroll);
      observer.disconnect();
    };
  }, [frame, content, stick]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: it looks at what was put in before the first entry
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const grown = element.scrollHeight - height.current;
    if (!sticks.current && height.current > 0) element.scrollTop += grown;
    height.current = element.scrollHeight;
  }, [first, frame]);

  return { atEnd, toEnd };
}
