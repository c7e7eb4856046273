import { useEffect, useRef, useState } from "react";
import type { ConversationState } from "./conversation/state.js";
import { textOfItem } from "./items/text.js";
import type { Texts } from "./texts/index.js";

/** So much of an answer is read out; the rest can be read in the conversation. */
const MOST = 1000;

/** Tells people who cannot see the page what is finished: answers as a whole, never by the token. */
export function Announcer({ state, texts, said }: { state: ConversationState; texts: Texts; said: string }) {
  const [text, setText] = useState("");
  const told = useRef<ReadonlySet<string>>(undefined);
  const { thread, phase } = state;

  useEffect(() => {
    if (phase === "loading") return;
    const finished = thread.items.filter(
      ({ id, item }) => item.case === "assistantMessage" && !thread.pendingItemIds.has(id),
    );
    const before = told.current;
    told.current = new Set([...(before ?? []), ...finished.map(({ id }) => id)]);
    // What was there when the conversation was opened is not news.
    if (!before) return;
    // Neither is what is older than what was told.
    const news = finished.slice(finished.findLastIndex(({ id }) => before.has(id)) + 1).map(textOfItem);
    if (news.length > 0) setText(`${texts.said(texts.assistant)} ${news.join(" ").slice(0, MOST)}`);
  }, [thread.items, thread.pendingItemIds, phase, texts]);

  return (
    <>
      <div className="wsp-unseen" role="status" aria-live="polite">
        {text}
      </div>
      <div className="wsp-unseen" role="status" aria-live="polite">
        {said || thread.progress?.text}
      </div>
    </>
  );
}
