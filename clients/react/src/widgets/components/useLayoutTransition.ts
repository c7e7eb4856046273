import { type RefObject, useLayoutEffect, useRef } from "react";

const TIMING: KeyframeAnimationOptions = { duration: 200, easing: "cubic-bezier(0.19, 1, 0.22, 1)" };

/**
 * Animates the height of an element from what it was to what it became, whenever its first child's height changes.
 * The element's own height stays `auto`, so an animation that does not run changes nothing.
 */
export function useLayoutTransition(): RefObject<HTMLDivElement | null> {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const outer = frame.current;
    const inner = outer?.firstElementChild;
    if (!outer || !inner || typeof ResizeObserver === "undefined") return;
    let height: number | undefined;
    const observer = new ResizeObserver(() => {
      const next = inner.getBoundingClientRect().height;
      const before = height;
      height = next;
      if (before === undefined || Math.abs(before - next) < 1) return;
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
      outer.animate(
        [
          { height: `${before}px`, overflow: "clip" },
          { height: `${next}px`, overflow: "clip" },
        ],
        TIMING,
      );
    });
    observer.observe(inner);
    return () => observer.disconnect();
  }, []);
  return frame;
}
