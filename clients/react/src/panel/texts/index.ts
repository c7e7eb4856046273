import { de } from "./de.js";
import { en, type Texts } from "./en.js";

export type { Texts } from "./en.js";

const LANGUAGES: Readonly<Record<string, Texts>> = { en, de };

/**
 * The texts for a locale such as `de-AT`, by its language; English where there are none.
 *
 * `changes` replaces single texts, for another tone or a language that is not here.
 */
export function textsFor(locale: string, changes?: Partial<Texts>): Texts {
  const texts = LANGUAGES[locale.toLowerCase().split(/[-_]/)[0] ?? ""] ?? en;
  return changes ? { ...texts, ...changes, errors: { ...texts.errors, ...changes.errors } } : texts;
}

/** Whether a locale is written from right to left. */
export function isRightToLeft(locale: string): boolean {
  return /^(ar|arc|ckb|dv|fa|he|iw|ks|ku-arab|ps|sd|ug|ur|yi)\b/i.test(locale);
}
