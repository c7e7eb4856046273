import { Icon } from "../../icons/index.js";
import { messageOfText } from "../composer/message.js";
import type { Note } from "../conversation/state.js";
import { NoteView } from "../items/NoteView.js";
import { usePanel } from "../PanelContext.js";
import type { StartScreen } from "../types.js";

/** What a new conversation begins with: a greeting, and things to ask. */
export function StartScreenView({
  screen: { greeting, prompts = [] },
  notes,
}: {
  screen: StartScreen;
  notes: readonly Note[];
}) {
  const { texts, conversation } = usePanel();
  return (
    <div className="wsp-start">
      <h2 className="wsp-greeting">{greeting ?? texts.greeting}</h2>
      {prompts.length > 0 && (
        <ul className="wsp-prompts">
          {prompts.map(({ label, prompt, icon }) => (
            <li key={label}>
              <button type="button" onClick={() => void conversation.send(messageOfText(prompt))}>
                {icon && <Icon name={icon} />}
                <span>{label}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {notes.map((note) => (
        <NoteView key={note.key} note={note} />
      ))}
    </div>
  );
}
