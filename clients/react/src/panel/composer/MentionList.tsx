import { Icon } from "../../icons/index.js";
import { useTexts } from "../PanelContext.js";
import type { Entity } from "../types.js";

/** What may be mentioned, to choose from while the cursor stays in the text. */
export function MentionList({
  id,
  found,
  active,
  onChoose,
}: {
  id: string;
  found: readonly Entity[];
  /** The place of the one that Enter takes. */
  active: number;
  onChoose(entity: Entity): void;
}) {
  const texts = useTexts();
  return (
    <div className="wsp-menu wsp-mentions" id={id} role="listbox" aria-label={texts.mentions}>
      {found.map((entity, index) => (
        <div
          key={entity.id}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className="wsp-menu-entry"
          // The field must not lose the cursor.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(entity)}
          onKeyDown={undefined}
        >
          <Icon name={entity.icon ?? "square-text"} />
          <span className="wsp-choice">
            <span>{entity.title}</span>
            {entity.group && <span className="wsp-choice-note">{entity.group}</span>}
          </span>
        </div>
      ))}
      {found.length === 0 && <p className="wsp-quiet">{texts.noMentions}</p>}
    </div>
  );
}
