import type { Entity } from "../types.js";

/** A file of a draft, once it is uploaded. */
export interface DraftFile {
  /** The attachment's id. */
  id: string;
  name: string;
  mimeType: string;
  /** Bytes. */
  size: number;
}

/** What a person has written and not sent yet. */
export interface Draft {
  text: string;
  /** What the text mentions, each as `@title`. */
  mentions: readonly Entity[];
  quote: string;
  files: readonly DraftFile[];
}

export const EMPTY_DRAFT: Draft = { text: "", mentions: [], quote: "", files: [] };

/** Whether there is nothing in a draft that could be lost. */
export const isEmptyDraft = ({ text, quote, files }: Draft): boolean => !text && !quote && files.length === 0;

/** A piece of a text: words, or a mention. */
export type Piece = { text: string; entity?: undefined } | { text: string; entity: Entity };

/** How a mention stands in the text. */
export const mentionText = (entity: Entity): string => `@${entity.title}`;

/**
 * Splits a text at what it mentions. A mention that was edited is words again; where one title begins with another, the
 * longer counts.
 */
export function piecesOf(text: string, mentions: readonly Entity[]): Piece[] {
  const byLength = [...mentions].sort((a, b) => b.title.length - a.title.length);
  const pieces: Piece[] = [];
  let words = "";
  let place = 0;
  while (place < text.length) {
    const entity = text[place] === "@" ? byLength.find((each) => text.startsWith(mentionText(each), place)) : undefined;
    if (!entity) {
      words += text[place];
      place += 1;
      continue;
    }
    if (words) pieces.push({ text: words });
    words = "";
    pieces.push({ text: mentionText(entity), entity });
    place += mentionText(entity).length;
  }
  if (words) pieces.push({ text: words });
  return pieces;
}

/** The word after `@` that ends at the cursor, and where its `@` stands; `undefined` if there is none. */
export function mentionAt(text: string, cursor: number): { query: string; start: number } | undefined {
  const found = /(?:^|[\s([{"'„“])@([^\s@]{0,40}(?: [^\s@]{1,40})?)$/u.exec(text.slice(0, cursor));
  if (found?.[1] === undefined) return undefined;
  return { query: found[1], start: cursor - found[1].length - 1 };
}
