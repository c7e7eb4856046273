import type { ReactNode, Ref } from "react";
import { Icon } from "../icons/index.js";
import { useTexts } from "./PanelContext.js";
import type { HeaderOptions } from "./types.js";

/** The line above the conversation: its title, earlier ones, a new one, and what the page puts there. */
export function Header({
  title,
  options,
  historyButton,
  onHistory,
  onNew,
}: {
  title: ReactNode;
  options: HeaderOptions;
  historyButton: Ref<HTMLButtonElement>;
  /** Not set: there is no list of earlier conversations. */
  onHistory: (() => void) | undefined;
  /** Not set: the conversation that is open is new. */
  onNew: (() => void) | undefined;
}) {
  const texts = useTexts();
  return (
    <header className="wsp-header">
      {onHistory && (
        <button
          ref={historyButton}
          type="button"
          className="wsp-icon-button"
          onClick={onHistory}
          aria-label={texts.history}
          title={texts.history}
          aria-haspopup="dialog"
        >
          <Icon name="history" />
        </button>
      )}
      {options.start}
      <h2 className="wsp-title">
        <bdi>{options.title ?? (title || texts.untitled)}</bdi>
      </h2>
      {options.end}
      {onNew && (
        <button
          type="button"
          className="wsp-icon-button"
          onClick={onNew}
          aria-label={texts.newThread}
          title={texts.newThread}
        >
          <Icon name="notebook-pencil" />
        </button>
      )}
    </header>
  );
}
