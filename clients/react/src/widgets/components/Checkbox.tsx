import { useRef } from "react";
import { Checkbox as CheckboxControl } from "../../controls/Checkbox.js";
import { useAction } from "../action/useAction.js";
import type { ComponentProps } from "../component.js";
import { useFieldLabel } from "../form/labels.js";
import { useField } from "../form/useField.js";
import { useEnvironment } from "../host.js";
import { named } from "../WidgetNode.js";
import { FieldError } from "./FieldError.js";

/** A box to tick; its value is true or false. */
export function Checkbox({ value, widget }: ComponentProps<"checkbox">) {
  const element = useRef<HTMLInputElement>(null);
  const { disabled } = useEnvironment();
  const { run, pending, blocked } = useAction(value.onChangeAction, "none");
  const field = useField({
    name: value.name,
    id: widget.id,
    initial: value.defaultChecked ?? false,
    element,
    toJson: (checked) => checked,
  });
  const { id, ...label } = useFieldLabel(value.name, value.name);
  return (
    <div className="ws-field-box" {...named(widget)}>
      <CheckboxControl
        ref={element}
        id={id}
        name={value.name}
        checked={field.value}
        required={value.required}
        disabled={value.disabled || disabled}
        busy={pending}
        aria-disabled={blocked || undefined}
        {...(value.label ? {} : label)}
        {...field.attributes}
        onChange={(event) => {
          if (blocked) return;
          const { checked } = event.target;
          field.change(checked);
          void run(new Map([[value.name, checked]]));
        }}
      >
        {value.label}
      </CheckboxControl>
      <FieldError id={field.errorId} error={field.error} />
    </div>
  );
}
