import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { Icon } from "../icons/Icon.js";
import { addDays, addMonths, type Day, firstWeekdayOf, isoDay, startOfWeek, today, weeksOf } from "./days.js";

export interface CalendarProps {
  value: Day | undefined;
  min: Day | undefined;
  max: Day | undefined;
  locale: string | undefined;
  onPick(day: Day): void;
}

/** A month to pick a day from: arrows go by days and weeks, Page Up and Down by months, Home and End in a week. */
export function Calendar({ value, min, max, locale, onPick }: CalendarProps) {
  const now = today();
  const [active, setActive] = useState(() => within(value ?? now, min, max));
  const grid = useRef<HTMLTableElement>(null);
  const titleId = useId();
  const first = useMemo(() => firstWeekdayOf(locale), [locale]);
  const weeks = useMemo(() => weeksOf(active, first), [active, first]);
  const format = useMemo(() => formats(locale), [locale]);
  const month = new Date(active).getUTCMonth();
  const focusing = useRef(true);

  useEffect(() => {
    if (!focusing.current) return;
    focusing.current = false;
    grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  });

  const turn = (months: number) => setActive(within(addMonths(active, months), min, max));
  const onKeyDown = (event: KeyboardEvent) => {
    const rightToLeft = getComputedStyle(event.currentTarget).direction === "rtl";
    const next = moved(active, event.key, { first, rightToLeft, byYears: event.shiftKey });
    if (next === undefined) return;
    event.preventDefault();
    focusing.current = true;
    setActive(within(next, min, max));
  };

  const before = addMonths(active, -1);
  const after = addMonths(active, 1);
  return (
    <div className="ws-calendar">
      <div className="ws-calendar__bar">
        <Turn
          label="Previous month"
          icon="chevron-left"
          off={endOf(before) < (min ?? -Infinity)}
          onTurn={() => turn(-1)}
        />
        <span id={titleId} aria-live="polite">
          {format.month.format(active)}
        </span>
        <Turn label="Next month" icon="chevron-right" off={startOf(after) > (max ?? Infinity)} onTurn={() => turn(1)} />
      </div>
      <table ref={grid} aria-labelledby={titleId} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {weeks[0]?.map((day) => (
              <th key={day} scope="col" abbr={format.weekday.format(day)}>
                {format.narrow.format(day)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day}>
                  <button
                    type="button"
                    tabIndex={day === active ? 0 : -1}
                    disabled={day !== within(day, min, max)}
                    aria-label={format.full.format(day)}
                    aria-current={day === now ? "date" : undefined}
                    aria-pressed={day === value}
                    data-other={new Date(day).getUTCMonth() !== month || undefined}
                    data-day={isoDay(day)}
                    onClick={() => onPick(day)}
                  >
                    {format.day.format(day)}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Ways {
  /** The weekday that weeks begin with. */
  first: number;
  rightToLeft: boolean;
  byYears: boolean;
}

function moved(day: Day, key: string, { first, rightToLeft, byYears }: Ways): Day | undefined {
  const onwards = rightToLeft ? -1 : 1;
  switch (key) {
    case "ArrowLeft":
      return addDays(day, -onwards);
    case "ArrowRight":
      return addDays(day, onwards);
    case "ArrowUp":
      return addDays(day, -7);
    case "ArrowDown":
      return addDays(day, 7);
    case "PageUp":
      return addMonths(day, byYears ? -12 : -1);
    case "PageDown":
      return addMonths(day, byYears ? 12 : 1);
    case "Home":
      return startOfWeek(day, first);
    case "End":
      return addDays(startOfWeek(day, first), 6);
    default:
      return undefined;
  }
}

function Turn({ label, icon, off, onTurn }: { label: string; icon: string; off: boolean; onTurn(): void }) {
  return (
    <button type="button" aria-label={label} disabled={off} onClick={onTurn}>
      <Icon name={icon} className="ws-mirrored" />
    </button>
  );
}

function formats(locale: string | undefined) {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  return {
    month: format({ month: "long", year: "numeric" }),
    weekday: format({ weekday: "long" }),
    narrow: format({ weekday: "short" }),
    day: format({ day: "numeric" }),
    full: format({ dateStyle: "full" }),
  };
}

function within(day: Day, min: Day | undefined, max: Day | undefined): Day {
  if (min !== undefined && day < min) return min;
  return max !== undefined && day > max ? max : day;
}

function startOf(day: Day): Day {
  const date = new Date(day);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

function endOf(day: Day): Day {
  return addDays(startOf(addMonths(startOf(day), 1)), -1);
}
