import { memo } from "react";
import type { ConversationState, Note } from "../conversation/state.js";
import { useTexts } from "../PanelContext.js";
import { ItemView } from "./ItemView.js";
import { NoteView } from "./NoteView.js";
import { SpeechActions } from "./SpeechActions.js";
import type { Speech } from "./turns.js";

export interface SpeechViewProps {
  speech: Speech;
  /** Notes that stand after its items. */
  notes: readonly Note[];
  pending: ConversationState["thread"]["pendingItemIds"];
  imageProgress: ConversationState["thread"]["imageProgress"];
  tools: ConversationState["tools"];
  /** For a message of the person that is not in the thread yet: what happens to it. */
  outgoing: "sending" | "waiting" | undefined;
  /** Whether more may still come. */
  open: boolean;
  /** Whether it is the last of the conversation. */
  last: boolean;
}

/** What one side says: items, notes between them, and for a finished answer what can be done with it. */
export const SpeechView = memo(function SpeechView(props: SpeechViewProps) {
  const { speech, notes, pending, imageProgress, tools, outgoing, open, last } = props;
  const texts = useTexts();
  const who = speech.side === "user" ? texts.you : texts.assistant;
  return (
    <article className="wsp-speech" data-side={speech.side} data-outgoing={outgoing} aria-label={who} aria-busy={open}>
      {speech.items.map((item) => (
        <div key={item.id} className="wsp-item" data-kind={item.item.case} data-item-id={item.id}>
          <ItemView
            item={item}
            pending={pending.has(item.id)}
            progress={imageProgress.get(item.id)}
            tool={tools.get(item.id)}
          />
          {notes
            .filter(({ after }) => after === item.id)
            .map((note) => (
              <NoteView key={note.key} note={note} />
            ))}
        </div>
      ))}
      {outgoing && <p className="wsp-outgoing">{texts[outgoing]}</p>}
      {speech.side === "assistant" && !open && <SpeechActions items={speech.items} last={last} />}
    </article>
  );
});
