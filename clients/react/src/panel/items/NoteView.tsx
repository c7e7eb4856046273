import { NoticeLevel } from "@widgetstream/client";
import { Icon } from "../../icons/index.js";
import { Markdown } from "../../markdown/index.js";
import type { Note } from "../conversation/state.js";
import { usePanel } from "../PanelContext.js";

const ICONS: Record<NoticeLevel, string> = {
  [NoticeLevel.UNSPECIFIED]: "info",
  [NoticeLevel.INFO]: "info",
  [NoticeLevel.WARNING]: "warning",
  [NoticeLevel.DANGER]: "error",
};
const LEVELS: Record<NoticeLevel, string> = {
  [NoticeLevel.UNSPECIFIED]: "info",
  [NoticeLevel.INFO]: "info",
  [NoticeLevel.WARNING]: "warning",
  [NoticeLevel.DANGER]: "danger",
};

/** Something to know: a notice, an error with a way out of it, or that an answer was stopped. */
export function NoteView({ note }: { note: Note }) {
  const { texts, conversation, imageDomains } = usePanel();
  if (note.kind === "stopped") return <p className="wsp-stopped">{note.text}</p>;
  return (
    <div className="wsp-note" data-level={LEVELS[note.level]} role={note.kind === "notice" ? "status" : "alert"}>
      <Icon name={ICONS[note.level]} />
      <div className="wsp-note-text">
        {note.title && <p className="wsp-note-title">{note.title}</p>}
        {note.kind === "notice" ? <Markdown text={note.text} imageDomains={imageDomains} /> : <p>{note.text}</p>}
      </div>
      {note.retry && (
        <button type="button" className="wsp-button" onClick={() => void conversation.retry()}>
          {texts.retry}
        </button>
      )}
      <button
        type="button"
        className="wsp-chip-button"
        onClick={() => conversation.dismiss(note.key)}
        aria-label={texts.dismiss}
        title={texts.dismiss}
      >
        <Icon name="x" />
      </button>
    </div>
  );
}
