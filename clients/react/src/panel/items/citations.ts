import type { Annotation, AssistantMessageContent, Source } from "@widgetstream/client";

/** A source of a message, with the number that stands for it in the text. */
export interface Citation {
  /** From 1. */
  number: number;
  source: Source;
}

/** A message's text with marks, and the sources that the marks stand for. */
export interface CitedText {
  text: string;
  citations: readonly Citation[];
}

/** What a mark in the text links to; `Markdown` renders such links as footnotes. */
export const CITATION_HREF = "#cite-";

/** Two references to the same page, file or thing are one source. */
function keyOf({ source }: Source): string {
  switch (source.case) {
    case "url":
      return `url ${source.value.url}`;
    case "file":
      return `file ${source.value.filename}`;
    case "entity":
      return `entity ${source.value.id}`;
    default:
      return "";
  }
}

/**
 * Puts a mark into a part's text at each place that has a reference, and numbers the sources on from `known`.
 *
 * Places are counted in characters, not in UTF-16 units. References without a place are in the list alone.
 */
export function cite(part: AssistantMessageContent, known: readonly Citation[] = []): CitedText {
  if (part.annotations.length === 0) return { text: part.text, citations: known };
  const citations = [...known];
  const numbers = new Map(citations.map(({ number, source }) => [keyOf(source), number]));
  const marks: { index: number; number: number }[] = [];
  for (const { source, index } of part.annotations as Annotation[]) {
    if (!source?.source.case) continue;
    const key = keyOf(source);
    let number = numbers.get(key);
    if (number === undefined) {
      number = citations.length + 1;
      numbers.set(key, number);
      citations.push({ number, source });
    }
    if (index !== undefined) marks.push({ index, number });
  }
  return { text: withMarks(part.text, marks), citations };
}

function withMarks(text: string, marks: { index: number; number: number }[]): string {
  if (marks.length === 0) return text;
  const characters = Array.from(text);
  let marked = "";
  let from = 0;
  for (const { index, number } of [...marks].sort((a, b) => a.index - b.index)) {
    const to = Math.max(from, Math.min(index, characters.length));
    marked += `${characters.slice(from, to).join("")}[${number}](${CITATION_HREF}${number})`;
    from = to;
  }
  return marked + characters.slice(from).join("");
}
