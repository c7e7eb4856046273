/** A turning ring; where the person asked for less motion, a ring that fades. Decoration: the text says what is busy. */
export function Spinner({ className }: { className?: string }) {
  return <span className={className ? `ws-spinner ${className}` : "ws-spinner"} aria-hidden="true" />;
}
