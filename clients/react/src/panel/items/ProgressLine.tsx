import { Icon } from "../../icons/index.js";
import { useTexts } from "../PanelContext.js";

/** What the assistant is doing, or, where it does not say, that it is at work. */
export function ProgressLine({ progress }: { progress: { text: string; icon?: string | undefined } | undefined }) {
  const texts = useTexts();
  if (!progress?.text) {
    return (
      <p className="wsp-progress" data-quiet="">
        <span className="wsp-dot" role="img" aria-label={texts.thinking} />
      </p>
    );
  }
  return (
    <p className="wsp-progress">
      {progress.icon && <Icon name={progress.icon} />}
      <span className="wsp-shimmer">{progress.text}</span>
    </p>
  );
}
