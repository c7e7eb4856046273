import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from "react";
import { type PopoverAlign, type PopoverSide, place } from "./place.js";

export interface PopoverOptions {
  anchor: RefObject<HTMLElement | null>;
  popover: RefObject<HTMLElement | null>;
  /** Default `bottom`; the other side where there is no room. */
  side?: PopoverSide;
  /** Default `start`. */
  align?: PopoverAlign;
}

export interface PopoverState {
  open: boolean;
  show(): void;
  /** Closes it, and puts the focus back on the anchor unless told otherwise. */
  hide(options?: { refocus?: boolean }): void;
}

/**
 * A popover in the browser's top layer, which nothing cuts off, beside its anchor. It closes by Escape and by what
 * happens outside of it.
 */
export function usePopover({ anchor, popover, side = "bottom", align = "start" }: PopoverOptions): PopoverState {
  const [open, setOpen] = useState(false);
  const show = useCallback(() => setOpen(true), []);
  const hide = useCallback(
    ({ refocus = true }: { refocus?: boolean } = {}) => {
      setOpen(false);
      if (refocus) anchor.current?.focus({ preventScroll: true });
    },
    [anchor],
  );

  useLayoutEffect(() => {
    const [box, from] = [popover.current, anchor.current];
    if (!open || !box || !from) return;
    // Manual: a light dismissal of the browser's would swallow the click on the anchor that closes it.
    if (box.isConnected && !box.matches(":popover-open")) box.showPopover?.();
    const position = () => place(box, from, side, align);
    position();
    addEventListener("scroll", position, { capture: true, passive: true });
    addEventListener("resize", position);
    return () => {
      removeEventListener("scroll", position, { capture: true });
      removeEventListener("resize", position);
    };
  }, [open, anchor, popover, side, align]);

  useEffect(() => {
    if (!open) return;
    const inside = (target: EventTarget | null) =>
      target instanceof Node && (popover.current?.contains(target) || anchor.current?.contains(target));
    const leave = (event: Event) => {
      if (!inside(event.target)) setOpen(false);
    };
    const dismiss = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      hide();
    };
    document.addEventListener("pointerdown", leave, true);
    document.addEventListener("focusin", leave, true);
    document.addEventListener("keydown", dismiss, true);
    return () => {
      document.removeEventListener("pointerdown", leave, true);
      document.removeEventListener("focusin", leave, true);
      document.removeEventListener("keydown", dismiss, true);
    };
  }, [open, anchor, popover, hide]);

  return { open, show, hide };
}
