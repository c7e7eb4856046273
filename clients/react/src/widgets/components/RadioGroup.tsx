import { Direction } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_style_pb";
import { useId, useRef } from "react";
import { Radio } from "../../controls/Radio.js";
import { uniqueKeys } from "../../controls/uniqueKeys.js";
import { useAction } from "../action/useAction.js";
import type { ComponentProps } from "../component.js";
import { useFieldLabel } from "../form/labels.js";
import { useField } from "../form/useField.js";
import { useEnvironment } from "../host.js";
import { named } from "../WidgetNode.js";
import { FieldError } from "./FieldError.js";

/** A choice of one among a few; its value is the option's. Nothing is sent while nothing is chosen. */
export function RadioGroup({ value, widget }: ComponentProps<"radioGroup">) {
  const group = useRef<HTMLInputElement>(null);
  const name = useId();
  const { disabled } = useEnvironment();
  const { run, pending, blocked } = useAction(value.onChangeAction, "none");
  const field = useField({
    name: value.name,
    id: widget.id,
    initial: value.defaultValue ?? "",
    element: group,
    toJson: (chosen) => (chosen === "" ? undefined : chosen),
  });
  const { id, ...label } = useFieldLabel(value.name, value.ariaLabel ?? value.name);
  const naming = value.ariaLabel ? { "aria-label": value.ariaLabel } : label;
  const keys = uniqueKeys(value.options.map((option) => option.value));
  const stop = (value.options.find((option) => option.value === field.value) ?? value.options[0])?.value;
  return (
    <div className="ws-field-box" {...named(widget)}>
      <div
        id={id}
        role="radiogroup"
        className="ws-radios"
        data-direction={value.direction === Direction.ROW ? "row" : "col"}
        data-busy={pending || undefined}
        aria-required={value.required || undefined}
        aria-disabled={blocked || undefined}
        {...naming}
        {...field.attributes}
      >
        {value.options.map((option, index) => (
          <Radio
            key={keys[index]}
            ref={option.value === stop ? group : undefined}
            name={name}
            value={option.value}
            checked={option.value === field.value}
            required={value.required}
            disabled={value.disabled || option.disabled || disabled}
            onChange={() => {
              if (blocked) return;
              field.change(option.value);
              void run(new Map([[value.name, option.value]]));
            }}
          >
            {option.label}
          </Radio>
        ))}
      </div>
      <FieldError id={field.errorId} error={field.error} />
    </div>
  );
}
