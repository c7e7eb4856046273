import { type ComponentProps, type ReactNode, type Ref, type RefObject, useImperativeHandle } from "react";
import { Icon } from "../icons/Icon.js";
import type { ControlSize, ControlVariant } from "./tokens.js";
import type { PopoverState } from "./usePopover.js";

/** What all controls have that let a value be picked from a popover. */
export interface PickerControlProps {
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
  id?: string;
  name?: string;
  "aria-label"?: string;
  "aria-labelledby"?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  ref?: Ref<HTMLButtonElement>;
}

interface PickerProps {
  control: PickerControlProps;
  className: string;
  state: PopoverState;
  trigger: RefObject<HTMLButtonElement | null>;
  /** What else the trigger is, to the browser and to a screen reader. */
  attributes: ComponentProps<"button">;
  /** The trigger's name, its value included, where nothing else on the page names it. */
  label: string;
  /** The element that shows the value. */
  valueId: string;
  /** What the trigger shows. */
  face: ReactNode;
  /** Opens the popover. */
  onOpen: () => void;
  /** Takes the choice back. Undefined: there is none to take. */
  onClear: (() => void) | undefined;
  /** The popover, shown while it is open. */
  children: ReactNode;
}

/** A button that shows a value and opens a popover to pick another, and one beside it that takes the value back. */
export function Picker({ control, state, trigger, attributes, label, valueId, face, ...rest }: PickerProps) {
  const { className, onOpen, onClear, children } = rest;
  const { variant = "outline", size = "lg", pill, block, disabled, blocked, busy, id, name, ref } = control;
  useImperativeHandle(ref, () => trigger.current as HTMLButtonElement, [trigger]);
  const by = control["aria-labelledby"];
  return (
    <span className={className} data-block={block || undefined} data-busy={busy || undefined}>
      <button
        ref={trigger}
        type="button"
        id={id}
        aria-expanded={state.open}
        aria-disabled={blocked || undefined}
        aria-describedby={control["aria-describedby"]}
        // The value is part of what a screen reader says of a control that is no input.
        aria-labelledby={by ? `${by} ${valueId}` : undefined}
        aria-label={by ? undefined : label}
        disabled={disabled}
        className="ws-field ws-select__trigger"
        data-variant={variant}
        data-size={size}
        data-pill={pill || undefined}
        data-name={name}
        onClick={() => {
          if (disabled || blocked) return;
          if (state.open) state.hide();
          else onOpen();
        }}
        {...attributes}
      >
        {face}
      </button>
      {onClear && (
        <button
          type="button"
          className="ws-select__clear"
          aria-label="Clear"
          onClick={() => {
            onClear();
            trigger.current?.focus();
          }}
        >
          <Icon name="x" />
        </button>
      )}
      {state.open && children}
    </span>
  );
}
