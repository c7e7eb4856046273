import { type KeyboardEvent, type Ref, useId, useImperativeHandle, useMemo, useRef } from "react";
import { Icon } from "../icons/Icon.js";
import { Calendar } from "./Calendar.js";
import { isoDay, readDay } from "./days.js";
import type { PopoverAlign, PopoverSide } from "./place.js";
import type { ControlSize, ControlVariant } from "./tokens.js";
import { usePopover } from "./usePopover.js";

export interface DatePickerProps {
  /** An ISO date or date-time; empty: none. What follows the day is kept when another day is picked. */
  value: string;
  onChange(value: string): void;
  /** The earliest and the latest day, inclusive. */
  min?: string;
  max?: string;
  placeholder?: string;
  /** Default `outline`. */
  variant?: ControlVariant;
  /** Default `lg`, 36 px. */
  size?: ControlSize;
  side?: PopoverSide;
  align?: PopoverAlign;
  pill?: boolean;
  block?: boolean;
  clearable?: boolean;
  disabled?: boolean;
  blocked?: boolean;
  busy?: boolean;
  /** BCP 47. Default: the browser's. */
  locale?: string;
  id?: string;
  name?: string;
  "aria-label"?: string;
  "aria-labelledby"?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  ref?: Ref<HTMLButtonElement>;
}

/** A day, picked from a calendar. */
export function DatePicker(props: DatePickerProps) {
  const { value, onChange, min, max, placeholder, variant = "outline", size = "lg", side, align, pill, block } = props;
  const { clearable, disabled, blocked, busy, locale, id, name, ref, ...aria } = props;
  const trigger = useRef<HTMLButtonElement>(null);
  useImperativeHandle(ref, () => trigger.current as HTMLButtonElement, []);
  const popover = useRef<HTMLDivElement>(null);
  const { open, show, hide } = usePopover({ anchor: trigger, popover, side, align });
  const valueId = useId();
  const chosen = readDay(value);
  const format = useMemo(() => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }), [locale]);
  const inactive = disabled || blocked;
  const label = aria["aria-label"] ?? placeholder ?? "Date";
  const by = aria["aria-labelledby"];

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" || inactive || open) return;
    event.preventDefault();
    show();
  };
  const clear = clearable && chosen && !inactive;
  return (
    <span className="ws-select ws-date" data-block={block || undefined} data-busy={busy || undefined}>
      <button
        ref={trigger}
        type="button"
        id={id}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-disabled={blocked || undefined}
        aria-describedby={aria["aria-describedby"]}
        aria-labelledby={by ? `${by} ${valueId}` : undefined}
        aria-label={by ? undefined : chosen ? `${label}, ${format.format(chosen.day)}` : label}
        disabled={disabled}
        className="ws-field ws-select__trigger"
        data-variant={variant}
        data-size={size}
        data-pill={pill || undefined}
        data-invalid={aria["aria-invalid"]}
        data-name={name}
        onClick={() => {
          if (inactive) return;
          if (open) hide();
          else show();
        }}
        onKeyDown={onKeyDown}
      >
        <Icon name="calendar" className="ws-select__mark" />
        <span id={valueId} className="ws-select__value" data-empty={!chosen || undefined}>
          {chosen ? format.format(chosen.day) : (placeholder ?? "Pick a date")}
        </span>
      </button>
      {clear && (
        <button
          type="button"
          className="ws-select__clear"
          aria-label="Clear"
          onClick={() => {
            onChange("");
            trigger.current?.focus();
          }}
        >
          <Icon name="x" />
        </button>
      )}
      {open && (
        <div ref={popover} popover="manual" className="ws-popover" role="dialog" aria-label={label}>
          <Calendar
            value={chosen?.day}
            min={readDay(min)?.day}
            max={readDay(max)?.day}
            locale={locale}
            onPick={(day) => {
              hide();
              const next = isoDay(day) + (chosen?.rest ?? "");
              if (next !== value) onChange(next);
            }}
          />
        </div>
      )}
    </span>
  );
}
