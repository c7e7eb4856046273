import { PopoverAlign, Side } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_control_pb";
import { useRef } from "react";
import { DatePicker as DatePickerControl, type DatePickerProps } from "../../controls/DatePicker.js";
import { useAction } from "../action/useAction.js";
import type { ComponentProps } from "../component.js";
import { useFieldLabel } from "../form/labels.js";
import { useField } from "../form/useField.js";
import { useEnvironment } from "../host.js";
import { controlLook } from "../style/control.js";
import { named } from "../WidgetNode.js";

const SIDES: Readonly<Record<Side, DatePickerProps["side"]>> = {
  [Side.UNSPECIFIED]: undefined,
  [Side.TOP]: "top",
  [Side.BOTTOM]: "bottom",
  [Side.LEFT]: "left",
  [Side.RIGHT]: "right",
};

const ALIGN: Readonly<Record<PopoverAlign, DatePickerProps["align"]>> = {
  [PopoverAlign.UNSPECIFIED]: undefined,
  [PopoverAlign.START]: "start",
  [PopoverAlign.CENTER]: "center",
  [PopoverAlign.END]: "end",
};

/** A day from a calendar; its value is an ISO date, or empty. */
export function DatePicker({ value, widget }: ComponentProps<"datePicker">) {
  const element = useRef<HTMLButtonElement>(null);
  const { disabled, locale } = useEnvironment();
  const { run, pending, blocked } = useAction(value.onChangeAction, "none");
  const field = useField({
    name: value.name,
    id: widget.id,
    initial: value.defaultValue ?? "",
    element,
    toJson: (day) => day,
  });
  const label = useFieldLabel(value.name, value.placeholder ?? value.name);
  return (
    <div className="ws-field-box" data-block={value.block || undefined} {...named(widget)}>
      <DatePickerControl
        ref={element}
        {...controlLook(value)}
        {...label}
        name={value.name}
        value={field.value}
        min={value.min}
        max={value.max}
        placeholder={value.placeholder}
        side={SIDES[value.side ?? Side.UNSPECIFIED]}
        align={ALIGN[value.align ?? PopoverAlign.UNSPECIFIED]}
        clearable={value.clearable}
        disabled={value.disabled || disabled}
        blocked={blocked}
        busy={pending}
        locale={locale}
        onChange={(day) => {
          field.change(day);
          void run(new Map([[value.name, day]]));
        }}
      />
    </div>
  );
}
