import { FeedbackKind, type ThreadItem } from "@widgetstream/client";
import { useState } from "react";
import { Icon } from "../../icons/index.js";
import { useFeedback } from "../conversation/selectors.js";
import { usePanel } from "../PanelContext.js";
import { copyTextOf } from "./turns.js";

/** What can be done with an answer: copy it, say what one thinks of it, ask for another. */
export function SpeechActions({ items, last }: { items: readonly ThreadItem[]; last: boolean }) {
  const { feedback: offersFeedback } = usePanel();
  const text = copyTextOf(items);
  // What waits for the page or the person is no answer yet.
  const { item } = items.at(-1) ?? {};
  if (item?.case === "clientToolCall" || item?.case === "structuredInput") return null;
  return (
    <div className="wsp-actions">
      {text && <CopyButton text={text} />}
      {offersFeedback && <Thumbs ids={items.map(({ id }) => id).slice(-100)} />}
      {last && <RetryButton />}
    </div>
  );
}

function CopyButton({ text }: { text: string }) {
  const { texts, announce } = usePanel();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      announce(texts.copied);
      setTimeout(() => setCopied(false), 2000);
    } catch {
      announce(texts.copyFailed);
    }
  };
  const label = copied ? texts.copied : texts.copy;
  return (
    <button type="button" className="wsp-action" onClick={() => void copy()} aria-label={label} title={label}>
      <Icon name={copied ? "check" : "copy"} />
    </button>
  );
}

function Thumbs({ ids }: { ids: readonly string[] }) {
  const { texts, announce, conversation } = usePanel();
  const given = useFeedback(conversation, ids.at(-1) ?? "");
  const give = async (kind: FeedbackKind) => {
    if (await conversation.giveFeedback(ids, kind)) announce(texts.feedbackThanks);
  };
  const good = given === FeedbackKind.POSITIVE;
  const bad = given === FeedbackKind.NEGATIVE;
  return (
    <>
      <button
        type="button"
        className="wsp-action"
        aria-pressed={good}
        onClick={() => void give(FeedbackKind.POSITIVE)}
        aria-label={texts.goodAnswer}
        title={texts.goodAnswer}
      >
        <Icon name={good ? "thumb-up-filled" : "thumb-up"} />
      </button>
      <button
        type="button"
        className="wsp-action"
        aria-pressed={bad}
        onClick={() => void give(FeedbackKind.NEGATIVE)}
        aria-label={texts.badAnswer}
        title={texts.badAnswer}
      >
        <Icon name={bad ? "thumb-down-filled" : "thumb-down"} />
      </button>
    </>
  );
}

function RetryButton() {
  const { texts, conversation } = usePanel();
  return (
    <button
      type="button"
      className="wsp-action"
      onClick={() => void conversation.retry()}
      aria-label={texts.retry}
      title={texts.retry}
    >
      <Icon name="regenerate" />
    </button>
  );
}
