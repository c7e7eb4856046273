import { Icon } from "../../icons/index.js";
import type { Choice } from "../types.js";

/** What a menu shows of a model or a tool. */
export function ChoiceContent({ choice }: { choice: Choice }) {
  return (
    <>
      {choice.icon && <Icon name={choice.icon} />}
      <span className="wsp-choice">
        <span>{choice.label}</span>
        {choice.description && <span className="wsp-choice-note">{choice.description}</span>}
      </span>
      <span className="wsp-choice-check">
        <Icon name="check" />
      </span>
    </>
  );
}
