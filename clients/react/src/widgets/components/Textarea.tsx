import { useRef } from "react";
import { autofill } from "../../controls/field.js";
import { TextArea } from "../../controls/TextArea.js";
import type { ComponentProps } from "../component.js";
import { useFieldLabel } from "../form/labels.js";
import { usePattern } from "../form/pattern.js";
import { useField } from "../form/useField.js";
import { useEnvironment } from "../host.js";
import { textFieldLook } from "../style/control.js";
import { named } from "../WidgetNode.js";
import { FieldError } from "./FieldError.js";
import { useEntering } from "./useEntering.js";

/** Lines of text. */
export function Textarea({ value, widget }: ComponentProps<"textarea">) {
  const element = useRef<HTMLTextAreaElement>(null);
  const { disabled } = useEnvironment();
  const field = useField({
    name: value.name,
    id: widget.id,
    initial: value.defaultValue ?? "",
    element,
    toJson: (text) => text,
  });
  const label = useFieldLabel(value.name, value.placeholder ?? value.name);
  usePattern(element, value.pattern, field.value);
  useEntering(element, value.autoFocus, value.autoSelect);
  return (
    <div className="ws-field-box" {...named(widget)}>
      <TextArea
        ref={element}
        {...textFieldLook(value)}
        {...label}
        {...field.attributes}
        {...autofill(value.allowAutofillExtensions)}
        name={value.name}
        value={field.value}
        required={value.required}
        placeholder={value.placeholder}
        rows={value.rows && value.rows > 0 ? value.rows : undefined}
        autoResize={value.autoResize}
        maxRows={value.maxRows && value.maxRows > 0 ? value.maxRows : undefined}
        autoComplete={value.allowAutofillExtensions ? undefined : "off"}
        disabled={value.disabled || disabled}
        onChange={(event) => field.change(event.target.value)}
      />
      <FieldError id={field.errorId} error={field.error} />
    </div>
  );
}
