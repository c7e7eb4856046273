const DAY = 86_400_000;
const ISO = /^(\d{4})-(\d{2})-(\d{2})(.*)$/s;

/** A day without a time of day or a zone, as the milliseconds of its midnight in UTC. */
export type Day = number;

/** Reads the day of an ISO date or date-time as it is written, and what follows it. */
export function readDay(text: string | undefined): { day: Day; rest: string } | undefined {
  const match = ISO.exec(text ?? "");
  if (!match) return undefined;
  const [, year, month, date, rest = ""] = match;
  const day = Date.UTC(Number(year), Number(month) - 1, Number(date));
  return isoDay(day) === `${year}-${month}-${date}` ? { day, rest } : undefined;
}

/** Writes a day as `YYYY-MM-DD`. */
export function isoDay(day: Day): string {
  return new Date(day).toISOString().slice(0, 10);
}

/** Returns the day that it is for the person. */
export function today(now: Date = new Date()): Day {
  return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
}

export function addDays(day: Day, days: number): Day {
  return day + days * DAY;
}

/** Returns the same day of another month, or that month's last. */
export function addMonths(day: Day, months: number): Day {
  const date = new Date(day);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate();
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, Math.min(date.getUTCDate(), last));
}

/** Returns the weeks that show a month, each of seven days, beginning with the given weekday (0 is Sunday). */
export function weeksOf(day: Day, firstWeekday: number): Day[][] {
  const date = new Date(day);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  const weeks: Day[][] = [];
  for (let start = startOfWeek(first, firstWeekday); start < next; start = addDays(start, 7)) {
    weeks.push(Array.from({ length: 7 }, (_, offset) => addDays(start, offset)));
  }
  return weeks;
}

export function startOfWeek(day: Day, firstWeekday: number): Day {
  return addDays(day, -((new Date(day).getUTCDay() - firstWeekday + 7) % 7));
}

/** Returns the weekday that weeks begin with where a language is spoken (0 is Sunday). */
export function firstWeekdayOf(locale: string | undefined): number {
  const chosen = new Intl.Locale(locale ?? new Intl.DateTimeFormat().resolvedOptions().locale) as Intl.Locale & {
    getWeekInfo?(): { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return (chosen.getWeekInfo?.() ?? chosen.weekInfo ?? { firstDay: 1 }).firstDay % 7;
}
