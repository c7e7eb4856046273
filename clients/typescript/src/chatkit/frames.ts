/** A frame of server-sent events: what stands between blank lines. */
export interface Frame {
  /** The frame as it came, blank line included. */
  readonly bytes: Uint8Array;
  /** The same as text. */
  readonly text: string;
}

const NEWLINE = 0x0a;

/** Cuts a stream of bytes into whole frames. What follows the last whole one waits for the rest of it. */
export class FrameCutter {
  #rest: Uint8Array = new Uint8Array();
  readonly #decoder = new TextDecoder();

  /** Takes bytes, and returns the frames that are whole with them. */
  cut(piece: Uint8Array): Frame[] {
    const bytes = joined(this.#rest, piece);
    const frames: Frame[] = [];
    let start = 0;
    for (let end = endOfFrame(bytes, start); end > 0; end = endOfFrame(bytes, start)) {
      // Whole frames end with whole characters.
      const frame = bytes.subarray(start, end);
      frames.push({ bytes: frame, text: this.#decoder.decode(frame) });
      start = end;
    }
    this.#rest = bytes.slice(start);
    return frames;
  }
}

/** Returns the value of the first line of a frame with this name. */
export function fieldOf({ text }: Frame, name: string): string | undefined {
  const line = text.split("\n").find((each) => each.startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}

function endOfFrame(bytes: Uint8Array, start: number): number {
  let place = bytes.indexOf(NEWLINE, start);
  while (place >= 0 && place + 1 < bytes.length) {
    if (bytes[place + 1] === NEWLINE) return place + 2;
    place = bytes.indexOf(NEWLINE, place + 1);
  }
  return -1;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
