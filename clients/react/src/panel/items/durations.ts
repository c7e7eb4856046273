import type { Texts } from "../texts/index.js";

/** A time span in whole seconds, in words. */
export function durationInWords(seconds: number, texts: Texts): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? texts.seconds(whole) : texts.minutes(Math.floor(whole / 60), whole % 60);
}

/** A size in bytes, in words of a locale. */
export function sizeInWords(bytes: number, locale: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: units[unit],
    unitDisplay: unit === 0 ? "long" : "short",
    maximumFractionDigits: size < 10 && unit > 0 ? 1 : 0,
  }).format(size);
}
