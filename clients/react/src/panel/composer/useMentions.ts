import { type KeyboardEvent, useEffect, useState } from "react";
import type { Entity, EntityOptions } from "../types.js";
import { mentionAt } from "./draft.js";

/** The list of what may be mentioned, while there is one. */
export interface Mentions {
  found: readonly Entity[] | undefined;
  active: number;
  /** Where the `@` stands. */
  start: number;
  /** Handles a key of the field; tells whether it was for the list. */
  onKeyDown(event: KeyboardEvent): boolean;
}

/** Looks for what the word after `@` may mean, as it is typed. */
export function useMentions(
  text: string,
  cursor: number,
  search: EntityOptions["onTagSearch"],
  onChoose: (entity: Entity, start: number) => void,
): Mentions {
  const [found, setFound] = useState<readonly Entity[]>();
  const [active, setActive] = useState(0);
  const [dismissed, setDismissed] = useState(-1);
  const at = search ? mentionAt(text, cursor) : undefined;
  const query = at?.query;
  const start = at?.start ?? -1;

  useEffect(() => {
    if (query === undefined || !search) {
      setFound(undefined);
      return undefined;
    }
    const controller = new AbortController();
    search(query, controller.signal).then(
      (entities) => {
        if (controller.signal.aborted) return;
        setFound(entities.slice(0, 8));
        setActive(0);
      },
      () => {
        if (!controller.signal.aborted) setFound(undefined);
      },
    );
    return () => controller.abort();
  }, [query, search]);

  const shown = at && start !== dismissed && found && (found.length > 0 || !query?.includes(" ")) ? found : undefined;
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!shown || event.nativeEvent.isComposing) return false;
    if (event.key === "Escape") setDismissed(start);
    else if (shown.length === 0) return false;
    else if (event.key === "ArrowDown") setActive((active + 1) % shown.length);
    else if (event.key === "ArrowUp") setActive((active - 1 + shown.length) % shown.length);
    else if (event.key === "Enter" || event.key === "Tab") {
      const entity = shown[active];
      if (entity) onChoose(entity, start);
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { found: shown, active, start, onKeyDown };
}
