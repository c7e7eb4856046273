import { useRef } from "react";
import { Select as SelectControl } from "../../controls/Select.js";
import { useAction } from "../action/useAction.js";
import type { ComponentProps } from "../component.js";
import { useFieldLabel } from "../form/labels.js";
import { useField } from "../form/useField.js";
import { useEnvironment } from "../host.js";
import { controlLook } from "../style/control.js";
import { named } from "../WidgetNode.js";

/** A choice of one from a list; its value is the option's, or empty. */
export function Select({ value, widget }: ComponentProps<"select">) {
  const element = useRef<HTMLButtonElement>(null);
  const { disabled } = useEnvironment();
  const { run, pending, blocked } = useAction(value.onChangeAction, "none");
  const field = useField({
    name: value.name,
    id: widget.id,
    initial: value.defaultValue ?? "",
    element,
    toJson: (chosen) => chosen,
  });
  const label = useFieldLabel(value.name, value.placeholder ?? value.name);
  return (
    <div className="ws-field-box" data-block={value.block || undefined} {...named(widget)}>
      <SelectControl
        ref={element}
        {...controlLook(value)}
        {...label}
        name={value.name}
        options={value.options}
        value={field.value}
        placeholder={value.placeholder}
        clearable={value.clearable}
        searchable={value.searchable}
        disabled={value.disabled || disabled}
        blocked={blocked}
        busy={pending}
        onChange={(chosen) => {
          field.change(chosen);
          void run(new Map([[value.name, chosen]]));
        }}
      />
    </div>
  );
}
