import { type KeyboardEvent, type Ref, useId, useImperativeHandle, useMemo, useRef, useState } from "react";
import { Icon } from "../icons/Icon.js";
import { Listbox, type SelectOption } from "./Listbox.js";
import type { ControlSize, ControlVariant } from "./tokens.js";
import { usePopover } from "./usePopover.js";

export type { SelectOption } from "./Listbox.js";

export interface SelectProps {
  options: readonly SelectOption[];
  /** The chosen value; empty: none. */
  value: string;
  onChange(value: string): void;
  placeholder?: string;
  /** Default `outline`. */
  variant?: ControlVariant;
  /** Default `lg`, 36 px. */
  size?: ControlSize;
  pill?: boolean;
  block?: boolean;
  /** Shows a button that takes the choice back. */
  clearable?: boolean;
  disabled?: boolean;
  blocked?: boolean;
  busy?: boolean;
  /** Shows a line to search in. Default: with more than 15 options. */
  searchable?: boolean;
  id?: string;
  name?: string;
  "aria-label"?: string;
  "aria-labelledby"?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  ref?: Ref<HTMLButtonElement>;
}

/** A choice of one from a list, by pointer, by keyboard, or by typing the beginning of a label. */
export function Select(props: SelectProps) {
  const { options, value, onChange, placeholder, variant = "outline", size = "lg", pill, block } = props;
  const { clearable, disabled, blocked, busy, searchable = options.length > 15, id, ref, name, ...aria } = props;
  const trigger = useRef<HTMLButtonElement>(null);
  useImperativeHandle(ref, () => trigger.current as HTMLButtonElement, []);
  const popover = useRef<HTMLDivElement>(null);
  const { open, show, hide } = usePopover({ anchor: trigger, popover });
  const [typed, setTyped] = useState("");
  const listId = useId();
  const valueId = useId();
  const chosen = useMemo(() => options.find((option) => option.value === value), [options, value]);
  const inactive = disabled || blocked;
  // The value is part of what a screen reader says of a combobox that is no input.
  const by = aria["aria-labelledby"];
  const named = aria["aria-label"] ?? placeholder ?? "Choice";
  const label = chosen ? `${named}, ${chosen.label}` : named;

  const toggle = () => {
    if (inactive) return;
    if (open) hide();
    else {
      setTyped("");
      show();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (inactive || open) return;
    const letter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp" && !letter) return;
    event.preventDefault();
    setTyped(letter ? event.key : "");
    show();
  };
  const clear = clearable && chosen && !inactive;
  return (
    <span className="ws-select" data-block={block || undefined} data-busy={busy || undefined}>
      <button
        ref={trigger}
        type="button"
        id={id}
        role="combobox"
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        aria-disabled={blocked || undefined}
        aria-label={by ? undefined : label}
        aria-labelledby={by ? `${by} ${valueId}` : undefined}
        aria-describedby={aria["aria-describedby"]}
        aria-invalid={aria["aria-invalid"]}
        disabled={disabled}
        className="ws-field ws-select__trigger"
        data-variant={variant}
        data-size={size}
        data-pill={pill || undefined}
        data-name={name}
        onClick={toggle}
        onKeyDown={onKeyDown}
      >
        <span id={valueId} className="ws-select__value" data-empty={!chosen || undefined}>
          {chosen?.label ?? placeholder ?? "Select…"}
        </span>
        {!clear && <Icon name="chevron-up-down" className="ws-select__mark" />}
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
        <div ref={popover} popover="manual" className="ws-popover ws-select__popover">
          <Listbox
            id={listId}
            label={named}
            options={options}
            value={value}
            searchable={searchable}
            typed={typed}
            onPick={(next) => {
              hide();
              if (next !== value) onChange(next);
            }}
            onLeave={() => hide()}
          />
        </div>
      )}
    </span>
  );
}
