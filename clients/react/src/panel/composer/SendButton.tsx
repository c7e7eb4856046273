import { Icon } from "../../icons/index.js";
import type { ConversationState } from "../conversation/state.js";
import { useTexts } from "../PanelContext.js";

/** Sends; while an answer comes, stops it. With something written both are there: a message then waits its turn. */
export function SendButton({ state, canSend, onStop }: { state: ConversationState; canSend: boolean; onStop(): void }) {
  const texts = useTexts();
  const { answering, stopping, canStop } = state;
  const send = texts[answering ? "queue" : "send"];
  const stop = texts[stopping ? "stopping" : "stop"];
  return (
    <>
      {answering && canStop && (
        <button
          type="button"
          className="wsp-send"
          data-kind="stop"
          data-quiet={canSend || undefined}
          disabled={stopping}
          onClick={onStop}
          aria-label={stop}
          title={stop}
        >
          <Icon name="stop" />
        </button>
      )}
      {(canSend || !answering || !canStop) && (
        <button type="submit" className="wsp-send" disabled={!canSend} aria-label={send} title={send}>
          <Icon name="arrow-up" />
        </button>
      )}
    </>
  );
}
