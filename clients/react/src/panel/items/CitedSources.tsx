import type { EntitySource } from "@widgetstream/client";
import { usePanel } from "../PanelContext.js";
import { sourceId } from "./CitationMark.js";
import type { Citation } from "./citations.js";
import { SourceEntry } from "./SourceEntry.js";

/** The sources of a message, below it, in the order of their numbers. */
export function CitedSources({ citations, scope }: { citations: readonly Citation[]; scope: string }) {
  const { texts, entities } = usePanel();
  if (citations.length === 0) return null;
  const openEntity = (entity: EntitySource) =>
    entities?.onClick?.({
      id: entity.id,
      title: entity.title,
      icon: entity.icon,
      group: entity.group,
      interactive: entity.interactive,
      data: stringsOf(entity.data),
    });
  return (
    <ol className="wsp-sources" aria-label={texts.sources(citations.length)}>
      {citations.map(({ number, source }) => (
        <li key={number} id={sourceId(scope, number)} tabIndex={-1}>
          <SourceEntry source={source} number={number} onEntity={entities?.onClick ? openEntity : undefined} />
        </li>
      ))}
    </ol>
  );
}

function stringsOf(data: object | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, String(value)]));
}
