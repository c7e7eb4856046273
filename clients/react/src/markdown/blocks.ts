const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const LIST_MARKER = /^ {0,3}(?:[-+*]|\d{1,9}[.)])(?:\s|$)/;
const INDENTED = /^(?: {2,}|\t)/;
const DEFINITION = /^ {0,3}\[[^\]\n]+\]:/m;

/**
 * Splits markdown into parts that mean the same when each is rendered by itself, so that a text that grows at its end
 * renders its last part alone. The parts joined are the text.
 *
 * It splits at blank lines outside of fences, and never inside a list, whose items blank lines do not separate. A text
 * with definitions or footnotes stays whole: they hold in all of it.
 */
export function splitBlocks(text: string): string[] {
  if (DEFINITION.test(text)) return [text];
  const blocks: string[] = [];
  let start = 0;
  let fence = "";
  let blank = false;
  let list = false;
  let position = 0;
  while (position < text.length) {
    const end = lineEnd(text, position);
    const line = text.slice(position, end);
    if (fence) {
      if (closes(line, fence)) fence = "";
      blank = false;
    } else if (line.trim() === "") {
      blank = true;
    } else {
      const marker = LIST_MARKER.test(line);
      if (blank && !(list && (marker || INDENTED.test(line))) && !INDENTED.test(line)) {
        blocks.push(text.slice(start, position));
        start = position;
        list = false;
      }
      list ||= marker;
      blank = false;
      fence = FENCE.exec(line)?.[1] ?? "";
    }
    position = end;
  }
  if (start < text.length) blocks.push(text.slice(start));
  return blocks;
}

function lineEnd(text: string, position: number): number {
  const newline = text.indexOf("\n", position);
  return newline === -1 ? text.length : newline + 1;
}

function closes(line: string, fence: string): boolean {
  const marks = FENCE.exec(line)?.[1];
  return marks?.[0] === fence[0] && marks !== undefined && marks.length >= fence.length && line.trim() === marks;
}
