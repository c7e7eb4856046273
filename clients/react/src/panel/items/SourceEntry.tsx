import type { EntitySource, Source } from "@widgetstream/client";
import { Icon } from "../../icons/index.js";
import { safeLink } from "../../markdown/index.js";
import { iconOf, originOf, titleOf } from "./sources.js";

/** One source: a link to a page, the name of a file, or a thing that the page may open. */
export function SourceEntry({
  source,
  number,
  onEntity,
}: {
  source: Source;
  number?: number;
  onEntity?: ((entity: EntitySource) => void) | undefined;
}) {
  const { value } = source.source;
  const content = (
    <>
      {number !== undefined && <span className="wsp-source-number">{number}</span>}
      <Icon name={iconOf(source)} />
      <span className="wsp-source-title">{titleOf(source)}</span>
      <span className="wsp-source-origin">{originOf(source)}</span>
    </>
  );
  const hint = [value?.description, value?.timestamp].filter(Boolean).join(" · ") || undefined;
  if (source.source.case === "url") {
    const href = safeLink(source.source.value.url);
    if (href) {
      return (
        <a className="wsp-source" href={href} target="_blank" rel="noopener noreferrer nofollow" title={hint}>
          {content}
        </a>
      );
    }
  }
  if (source.source.case === "entity" && source.source.value.interactive && onEntity) {
    const entity = source.source.value;
    return (
      <button type="button" className="wsp-source" onClick={() => onEntity(entity)} title={hint}>
        {content}
      </button>
    );
  }
  return (
    <span className="wsp-source" title={hint}>
      {content}
    </span>
  );
}
