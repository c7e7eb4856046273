import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import { Icon } from "../icons/Icon.js";
import { Listbox, type SelectOption } from "./Listbox.js";
import { Picker, type PickerControlProps } from "./Picker.js";
import { usePopover } from "./usePopover.js";

export type { SelectOption } from "./Listbox.js";

export interface SelectProps extends PickerControlProps {
  options: readonly SelectOption[];
  /** The chosen value; empty: none. */
  value: string;
  onChange(value: string): void;
  /** Shows a line to search in. Default: with more than 15 options. */
  searchable?: boolean;
}

/** A choice of one from a list, by pointer, by keyboard, or by typing the beginning of a label. */
export function Select(props: SelectProps) {
  const { options, value, onChange, placeholder, clearable, disabled, blocked } = props;
  const { searchable = options.length > 15 } = props;
  const trigger = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const state = usePopover({ anchor: trigger, popover });
  const [typed, setTyped] = useState("");
  const listId = useId();
  const valueId = useId();
  const chosen = useMemo(() => options.find((option) => option.value === value), [options, value]);
  const inactive = disabled || blocked;
  const named = props["aria-label"] ?? placeholder ?? "Choice";

  const open = (letters: string) => {
    setTyped(letters);
    state.show();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (inactive || state.open) return;
    const letter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp" && !letter) return;
    event.preventDefault();
    open(letter ? event.key : "");
  };
  const clear = clearable && chosen && !inactive ? () => onChange("") : undefined;
  return (
    <Picker
      control={props}
      className="ws-select"
      state={state}
      trigger={trigger}
      attributes={{
        role: "combobox",
        "aria-haspopup": "listbox",
        "aria-controls": state.open ? listId : undefined,
        "aria-invalid": props["aria-invalid"],
        onKeyDown,
      }}
      label={chosen ? `${named}, ${chosen.label}` : named}
      valueId={valueId}
      onOpen={() => open("")}
      onClear={clear}
      face={
        <>
          <span id={valueId} className="ws-select__value" data-empty={!chosen || undefined}>
            {chosen?.label ?? placeholder ?? "Select…"}
          </span>
          {!clear && <Icon name="chevron-up-down" className="ws-select__mark" />}
        </>
      }
    >
      <div ref={popover} popover="manual" className="ws-popover ws-select__popover">
        <Listbox
          id={listId}
          label={named}
          options={options}
          value={value}
          searchable={searchable}
          typed={typed}
          onPick={(next) => {
            state.hide();
            if (next !== value) onChange(next);
          }}
          onLeave={() => state.hide()}
        />
      </div>
    </Picker>
  );
}
