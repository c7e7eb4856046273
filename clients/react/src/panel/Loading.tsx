import { usePanel } from "./PanelContext.js";

/** Stands where a conversation will be, or says why it is not. */
export function Loading({ error }: { error: string | undefined }) {
  const { texts, conversation } = usePanel();
  if (error === undefined) {
    return (
      <div className="wsp-loading" role="status">
        <span className="wsp-spinner" />
        <span className="wsp-unseen">{texts.loading}</span>
      </div>
    );
  }
  return (
    <div className="wsp-loading" role="alert">
      <p>{error}</p>
      <button type="button" className="wsp-button" onClick={() => void conversation.refresh()}>
        {texts.tryAgain}
      </button>
    </div>
  );
}
