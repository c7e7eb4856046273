import type { ConversationState } from "./conversation/state.js";
import { usePanel } from "./PanelContext.js";

/** Tells of trouble with the connection, quietly, and what becomes of it. */
export function Banner({ connection }: { connection: ConversationState["connection"] }) {
  const { texts, conversation } = usePanel();
  return (
    <div className="wsp-banner-root" role="status" aria-live="polite">
      {connection !== "fine" && (
        <div className="wsp-banner">
          {connection === "reconnecting" && <span className="wsp-spinner" />}
          <span>
            {connection === "offline" && texts.offline}
            {connection === "reconnecting" && texts.reconnecting}
            {connection === "lost" && texts.errors.unreachable}
          </span>
          {connection === "lost" && (
            <button type="button" className="wsp-link" onClick={() => void conversation.refresh()}>
              {texts.tryAgain}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
