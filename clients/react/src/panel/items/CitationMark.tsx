import { useTexts } from "../PanelContext.js";
import type { Citation } from "./citations.js";
import { titleOf } from "./sources.js";

/** The id of a source's entry in the list below a message. */
export const sourceId = (scope: string, number: number): string => `${scope}source-${number}`;

/** A number in the text that stands for a source, and leads to its entry. */
export function CitationMark({ citation, scope }: { citation: Citation; scope: string }) {
  const texts = useTexts();
  const { number, source } = citation;
  const label =
    source.source.case === "entity" && source.source.value.inlineLabel ? source.source.value.inlineLabel : `${number}`;
  const show = () => {
    const entry = document.getElementById(sourceId(scope, number));
    entry?.scrollIntoView({ block: "nearest" });
    entry?.focus();
  };
  return (
    <button
      type="button"
      className="wsp-cite"
      onClick={show}
      title={titleOf(source)}
      aria-label={texts.source(number, titleOf(source))}
    >
      {label}
    </button>
  );
}
