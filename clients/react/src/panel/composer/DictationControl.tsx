import { useEffect, useState } from "react";
import { Icon } from "../../icons/index.js";
import { useTexts } from "../PanelContext.js";
import type { Dictation } from "./useDictation.js";

/** The button that begins a recording, and while there is one how long it is and how to end it. */
export function DictationControl({ dictation, disabled }: { dictation: Dictation; disabled: boolean }) {
  const texts = useTexts();
  if (dictation.state === "idle") {
    return (
      <button
        type="button"
        className="wsp-icon-button"
        onClick={() => void dictation.start()}
        disabled={disabled}
        aria-label={texts.dictate}
        title={texts.dictate}
      >
        <Icon name="mic" />
      </button>
    );
  }
  return (
    <span className="wsp-dictation" role="status">
      {dictation.state === "recording" ? (
        <>
          <span className="wsp-recording" />
          <Clock since={dictation.since} label={texts.recording} />
        </>
      ) : (
        <span className="wsp-shimmer">{texts.transcribing}</span>
      )}
      <button
        type="button"
        className="wsp-icon-button"
        onClick={dictation.discard}
        aria-label={texts.cancelDictation}
        title={texts.cancelDictation}
      >
        <Icon name="x" />
      </button>
      {dictation.state === "recording" && (
        <button
          type="button"
          className="wsp-icon-button"
          onClick={dictation.finish}
          aria-label={texts.stopDictation}
          title={texts.stopDictation}
        >
          <Icon name="check" />
        </button>
      )}
    </span>
  );
}

function Clock({ since, label }: { since: number; label: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  return (
    <span role="timer" aria-label={label}>
      {Math.floor(seconds / 60)}:{`${seconds % 60}`.padStart(2, "0")}
    </span>
  );
}
