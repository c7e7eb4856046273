import { type KeyboardEvent, useId, useMemo, useRef } from "react";
import { Icon } from "../icons/Icon.js";
import { Calendar } from "./Calendar.js";
import { isoDay, readDay } from "./days.js";
import { Picker, type PickerControlProps } from "./Picker.js";
import type { PopoverAlign, PopoverSide } from "./place.js";
import { usePopover } from "./usePopover.js";

export interface DatePickerProps extends PickerControlProps {
  /** An ISO date or date-time; empty: none. What follows the day is kept when another day is picked. */
  value: string;
  onChange(value: string): void;
  /** The earliest and the latest day, inclusive. */
  min?: string;
  max?: string;
  side?: PopoverSide;
  align?: PopoverAlign;
  /** BCP 47. Default: the browser's. */
  locale?: string;
}

/** A day, picked from a calendar. */
export function DatePicker(props: DatePickerProps) {
  const { value, onChange, min, max, placeholder, side, align, clearable, disabled, blocked, locale } = props;
  const trigger = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const state = usePopover({ anchor: trigger, popover, side, align });
  const valueId = useId();
  const chosen = readDay(value);
  const format = useMemo(() => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }), [locale]);
  const inactive = disabled || blocked;
  const label = props["aria-label"] ?? placeholder ?? "Date";

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" || inactive || state.open) return;
    event.preventDefault();
    state.show();
  };
  return (
    <Picker
      control={props}
      className="ws-select ws-date"
      state={state}
      trigger={trigger}
      attributes={{ "aria-haspopup": "dialog", ...invalid(props["aria-invalid"]), onKeyDown }}
      label={chosen ? `${label}, ${format.format(chosen.day)}` : label}
      valueId={valueId}
      onOpen={state.show}
      onClear={clearable && chosen && !inactive ? () => onChange("") : undefined}
      face={
        <>
          <Icon name="calendar" className="ws-select__mark" />
          <span id={valueId} className="ws-select__value" data-empty={!chosen || undefined}>
            {chosen ? format.format(chosen.day) : (placeholder ?? "Pick a date")}
          </span>
        </>
      }
    >
      <div ref={popover} popover="manual" className="ws-popover" role="dialog" aria-label={label}>
        <Calendar
          value={chosen?.day}
          min={readDay(min)?.day}
          max={readDay(max)?.day}
          locale={locale}
          onPick={(day) => {
            state.hide();
            const next = isoDay(day) + (chosen?.rest ?? "");
            if (next !== value) onChange(next);
          }}
        />
      </div>
    </Picker>
  );
}

/** A button cannot be invalid by its role; that it is, is drawn. */
function invalid(value: true | undefined): { "data-invalid": true | undefined } {
  return { "data-invalid": value };
}
