/** When a task is due, seen from a moment. */
export type DueKind = "overdue" | "today" | "soon" | "later";

export interface DueBadge {
  kind: DueKind;
  text: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const DAY_ONLY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Returns how a due date is shown: a day (`2026-12-05`), or a time with its offset, in the local time zone. Undefined:
 * not due.
 *
 * @param done A task that is done is never overdue.
 */
export function dueBadge(due: string, now: Date, done: boolean, locale?: string): DueBadge | undefined {
  if (!due) return undefined;
  const wholeDay = DAY_ONLY.test(due);
  // A day is the local one, however far from Greenwich.
  const at = new Date(wholeDay ? `${due}T00:00` : due);
  if (Number.isNaN(at.getTime())) return undefined;
  const days = Math.round((startOfDay(at) - startOfDay(now)) / DAY_MS);
  const past = wholeDay ? days < 0 : at < now;
  const time = wholeDay ? "" : `, ${at.toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit" })}`;
  return {
    kind: past && !done ? "overdue" : days === 0 ? "today" : days > 0 && days < 7 ? "soon" : "later",
    text: dayName(at, days, now, locale) + time,
  };
}

function dayName(at: Date, days: number, now: Date, locale?: string): string {
  if (Math.abs(days) <= 1) {
    const name = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
  }
  if (days > 1 && days < 7) return at.toLocaleDateString(locale, { weekday: "long" });
  const year = at.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return at.toLocaleDateString(locale, { day: "numeric", month: "short", year });
}

function startOfDay(date: Date): number {
  // In whole days of Greenwich, which have no summer time.
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
}

/** Splits a due date into what two inputs hold: a local day, and a local time or nothing. */
export function dueInputs(due: string): { date: string; time: string } {
  if (!due || DAY_ONLY.test(due)) return { date: due, time: "" };
  const at = new Date(due);
  return { date: localDay(at), time: `${two(at.getHours())}:${two(at.getMinutes())}` };
}

/** Joins a local day and a local time, or none, into a due date. */
export function dueOf(date: string, time: string): string {
  if (!date || !time) return date;
  const offset = -new Date(`${date}T${time}`).getTimezoneOffset();
  const size = Math.abs(offset);
  return `${date}T${time}:00${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Returns the local day of a moment, such as `2026-12-05`. */
export function localDay(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
