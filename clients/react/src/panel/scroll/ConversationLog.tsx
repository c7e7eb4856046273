import { useLayoutEffect, useRef } from "react";
import { Icon } from "../../icons/index.js";
import type { ConversationState } from "../conversation/state.js";
import { ItemList } from "../items/ItemList.js";
import { usePanel } from "../PanelContext.js";
import { QuoteButton } from "./QuoteButton.js";
import { useStickToEnd } from "./useStickToEnd.js";

/** The conversation, scrolled: older items come in at the top, new ones at the end. */
export function ConversationLog({ state }: { state: ConversationState }) {
  const { texts, conversation } = usePanel();
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { thread, older, answering } = state;
  const first = thread.items[0]?.id;
  const { atEnd, toEnd } = useStickToEnd(frame, content, first, () => {
    if (older === "idle" && thread.hasOlder) void conversation.loadOlder();
  });
  // Who says something wants to see what becomes of it.
  const sent = thread.optimisticItemIds.size;
  useLayoutEffect(() => {
    if (sent > 0) toEnd();
  }, [sent, toEnd]);
  return (
    <div className="wsp-log-root">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys */}
      <div ref={frame} className="wsp-log" role="log" aria-live="off" aria-label={texts.conversation} tabIndex={0}>
        <div ref={content} className="wsp-log-content">
          <ItemList state={state} />
        </div>
      </div>
      {older === "loading" && (
        <p className="wsp-older" role="status">
          <span className="wsp-spinner" />
          {texts.loadingOlder}
        </p>
      )}
      {older === "failed" && (
        <p className="wsp-older">
          {texts.olderFailed}{" "}
          <button type="button" className="wsp-link" onClick={() => void conversation.loadOlder()}>
            {texts.tryAgain}
          </button>
        </p>
      )}
      <QuoteButton frame={frame} />
      {!atEnd && (
        <button type="button" className="wsp-to-end" onClick={toEnd} aria-label={texts.toEnd} title={texts.toEnd}>
          {answering && <span>{texts.newMessages}</span>}
          <Icon name="arrow-down" />
        </button>
      )}
    </div>
  );
}
