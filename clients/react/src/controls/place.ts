export type PopoverSide = "top" | "bottom" | "left" | "right";
export type PopoverAlign = "start" | "center" | "end";

const GAP = 4;
const EDGE = 8;

/** Puts a fixed box beside an anchor, on the wanted side if it has room there, and wholly on the screen. */
export function place(box: HTMLElement, anchor: HTMLElement, side: PopoverSide, align: PopoverAlign): void {
  const at = anchor.getBoundingClientRect();
  box.style.setProperty("--ws-anchor-width", `${at.width}px`);
  const { offsetWidth: width, offsetHeight: height } = box;
  const rightToLeft = getComputedStyle(anchor).direction === "rtl";
  const [roomX, roomY] = [document.documentElement.clientWidth, document.documentElement.clientHeight];
  let left: number;
  let top: number;
  if (side === "left" || side === "right") {
    const before = at.left - GAP - width;
    const after = at.right + GAP;
    left = side === "left" ? (before >= EDGE ? before : after) : after + width <= roomX - EDGE ? after : before;
    top = along(align, at.top, at.height, height);
  } else {
    const above = at.top - GAP - height;
    const below = at.bottom + GAP;
    top =
      side === "top" ? (above >= EDGE ? above : below) : below + height <= roomY - EDGE || above < EDGE ? below : above;
    left = along(rightToLeft ? MIRRORED[align] : align, at.left, at.width, width);
  }
  box.style.left = `${Math.max(EDGE, Math.min(left, roomX - EDGE - width))}px`;
  box.style.top = `${Math.max(EDGE, Math.min(top, roomY - EDGE - height))}px`;
}

const MIRRORED: Readonly<Record<PopoverAlign, PopoverAlign>> = { start: "end", center: "center", end: "start" };

function along(align: PopoverAlign, start: number, length: number, size: number): number {
  if (align === "center") return start + (length - size) / 2;
  return align === "start" ? start : start + length - size;
}
