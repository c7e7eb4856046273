import { memo, useRef } from "react";

/**
 * A text that grows: what came last fades in, what stood there before stays as it is. A text that changed otherwise
 * than by growing is simply another one.
 */
export const StreamingText = memo(function StreamingText({ text, streaming }: { text: string; streaming: boolean }) {
  const shown = useRef({ text, settled: 0 });
  const before = shown.current;
  if (before.text !== text) {
    shown.current = { text, settled: text.startsWith(before.text) ? before.text.length : text.length };
  }
  const { settled } = shown.current;
  if (!streaming || settled === text.length) return text;
  return (
    <>
      {text.slice(0, settled)}
      <span key={settled} className="ws-fade">
        {text.slice(settled)}
      </span>
    </>
  );
});
