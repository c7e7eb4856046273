import { InputType } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_control_pb";
import { useRef } from "react";
import { autofill } from "../../controls/field.js";
import { TextInput } from "../../controls/TextInput.js";
import type { ComponentProps } from "../component.js";
import { useFieldLabel } from "../form/labels.js";
import { useField } from "../form/useField.js";
import { useEnvironment } from "../host.js";
import { textFieldLook } from "../style/control.js";
import { named } from "../WidgetNode.js";
import { FieldError } from "./FieldError.js";
import { useEntering } from "./useEntering.js";

const TYPES: Readonly<Record<InputType, "number" | "email" | "text" | "password" | "tel" | "url">> = {
  [InputType.UNSPECIFIED]: "text",
  [InputType.NUMBER]: "number",
  [InputType.EMAIL]: "email",
  [InputType.TEXT]: "text",
  [InputType.PASSWORD]: "password",
  [InputType.TEL]: "tel",
  [InputType.URL]: "url",
};

/** A line of text; its value is a string, also that of a number. */
export function Input({ value, widget }: ComponentProps<"input">) {
  const element = useRef<HTMLInputElement>(null);
  const { disabled } = useEnvironment();
  const field = useField({
    name: value.name,
    id: widget.id,
    initial: value.defaultValue ?? "",
    element,
    toJson: (text) => text,
  });
  const label = useFieldLabel(value.name, value.placeholder ?? value.name);
  useEntering(element, value.autoFocus, value.autoSelect);
  return (
    <div className="ws-field-box" {...named(widget)}>
      <TextInput
        ref={element}
        {...textFieldLook(value)}
        {...label}
        {...field.attributes}
        {...autofill(value.allowAutofillExtensions)}
        type={TYPES[value.inputType ?? InputType.UNSPECIFIED]}
        name={value.name}
        value={field.value}
        required={value.required}
        pattern={value.pattern}
        placeholder={value.placeholder}
        autoComplete={value.allowAutofillExtensions ? undefined : "off"}
        step={value.inputType === InputType.NUMBER ? "any" : undefined}
        disabled={value.disabled || disabled}
        onChange={(event) => field.change(event.target.value)}
      />
      <FieldError id={field.errorId} error={field.error} />
    </div>
  );
}
