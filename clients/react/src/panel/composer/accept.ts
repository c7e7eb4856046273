import { sizeInWords } from "../items/durations.js";
import type { Texts } from "../texts/index.js";
import type { AttachmentOptions } from "../types.js";

export const MAX_FILES = 20;
const MAX_BYTES = 100_000_000;

/** Why a file may not be attached, in words; `undefined` if it may. */
export function refusal(file: File, options: AttachmentOptions, texts: Texts, locale: string): string | undefined {
  const limit = options.maxSize ?? MAX_BYTES;
  if (file.size > limit) return texts.fileTooLarge(file.name, sizeInWords(limit, locale));
  if (file.size === 0) return texts.fileEmpty(file.name);
  if (options.accept?.length && !options.accept.some((pattern) => fits(file, pattern))) {
    return texts.fileTypeRefused(file.name);
  }
  return undefined;
}

function fits(file: File, pattern: string): boolean {
  const wanted = pattern.trim().toLowerCase();
  if (wanted.startsWith(".")) return file.name.toLowerCase().endsWith(wanted);
  const type = file.type.toLowerCase();
  return wanted.endsWith("/*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

/** A file's media type; one of no known kind is a stream of bytes. */
export function mediaTypeOf(file: File): string {
  return /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+/i.test(file.type) ? file.type : "application/octet-stream";
}
