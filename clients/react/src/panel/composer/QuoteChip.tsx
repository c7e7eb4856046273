import { Icon } from "../../icons/index.js";
import { useTexts } from "../PanelContext.js";

/** What the person quotes from an answer, above what they write about it. */
export function QuoteChip({ text, onRemove }: { text: string; onRemove(): void }) {
  const texts = useTexts();
  return (
    <div className="wsp-quote">
      <Icon name="reply" />
      <blockquote aria-label={texts.quoted}>{text}</blockquote>
      <button
        type="button"
        className="wsp-chip-button"
        onClick={onRemove}
        aria-label={texts.removeQuote}
        title={texts.removeQuote}
      >
        <Icon name="x" />
      </button>
    </div>
  );
}
