import { startTransition, useEffect, useState } from "react";

const FIRST = 100;
const STEP = 200;

/**
 * Returns how many of so many rows to render: a screenful or more at once, the others step by step while the browser
 * has nothing else to do, so that a long list neither blocks the page nor hides rows from its search.
 */
export function useGrowing(wanted: number): number {
  const [ready, setReady] = useState(FIRST);
  useEffect(() => {
    if (ready >= wanted) return;
    return whenIdle(() => startTransition(() => setReady((count) => count + STEP)));
  }, [ready, wanted]);
  return Math.min(ready, wanted);
}

function whenIdle(work: () => void): () => void {
  if (typeof requestIdleCallback === "function") {
    const handle = requestIdleCallback(work, { timeout: 500 });
    return () => cancelIdleCallback(handle);
  }
  const handle = setTimeout(work, 16);
  return () => clearTimeout(handle);
}
