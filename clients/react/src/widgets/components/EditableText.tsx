import type { EditableProps } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_style_pb";
import { type KeyboardEvent, useLayoutEffect, useRef } from "react";
import { autofill } from "../../controls/field.js";
import { fit } from "../../controls/TextArea.js";
import { useFieldLabel } from "../form/labels.js";
import { usePattern } from "../form/pattern.js";
import { useField } from "../form/useField.js";
import { useEnvironment } from "../host.js";
import { FieldError } from "./FieldError.js";
import { useEntering } from "./useEntering.js";

export interface EditableTextProps {
  id: string | undefined;
  field: EditableProps;
  initial: string;
}

/** A text that is edited where it stands, and looks like the text until it is touched. Enter submits its form. */
export function EditableText({ id, field, initial }: EditableTextProps) {
  const element = useRef<HTMLTextAreaElement>(null);
  const { disabled } = useEnvironment();
  const { value, change, error, attributes, errorId } = useField({
    name: field.name,
    id,
    initial,
    element,
    toJson: (text) => text,
  });
  const label = useFieldLabel(field.name, field.placeholder ?? field.name);
  usePattern(element, field.pattern, value);
  useEntering(element, field.autoFocus, field.autoSelect);
  useLayoutEffect(() => {
    if (element.current && value !== undefined) fit(element.current);
  }, [value]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    element.current?.form?.requestSubmit();
  };
  return (
    <>
      <textarea
        ref={element}
        className="ws-editable"
        rows={1}
        name={field.name}
        required={field.required}
        placeholder={field.placeholder}
        autoComplete={field.autoComplete ?? (field.allowAutofillExtensions ? undefined : "off")}
        disabled={disabled}
        value={value}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
        {...label}
        {...attributes}
        {...autofill(field.allowAutofillExtensions)}
      />
      <FieldError id={errorId} error={error} />
    </>
  );
}
