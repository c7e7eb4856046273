import { useCallback, useRef, useState } from "react";
import type { ChatPanelProps } from "./types.js";

/** Which conversation is open: what the page says, or, where it says nothing, what the panel remembers. */
export function useThreadId({
  threadId,
  onThreadChange,
}: Pick<ChatPanelProps, "threadId" | "onThreadChange">): [string | undefined, (threadId: string | undefined) => void] {
  const [own, setOwn] = useState(threadId);
  const [given, setGiven] = useState(threadId);
  if (given !== threadId) {
    setGiven(threadId);
    setOwn(threadId);
  }
  const tell = useRef(onThreadChange);
  tell.current = onThreadChange;
  const change = useCallback((changed: string | undefined) => {
    setOwn(changed);
    tell.current?.(changed);
  }, []);
  return [own, change];
}
