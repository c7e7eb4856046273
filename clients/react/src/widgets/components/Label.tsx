import { TextSize } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_style_pb";
import { useContext, useEffect, useId, useRef } from "react";
import type { ComponentProps } from "../component.js";
import { LabelsContext } from "../form/labelRegistry.js";
import { typography } from "../style/text.js";
import { named } from "../WidgetNode.js";
import { TEXT_SIZES } from "./Text.js";

/** The name of a field; a click on it goes to the field. */
export function Label({ value, widget }: ComponentProps<"label">) {
  const labels = useContext(LabelsContext);
  const id = useId();
  const element = useRef<HTMLLabelElement>(null);
  useEffect(() => labels.add(value.fieldName, id), [labels, value.fieldName, id]);
  const size = TEXT_SIZES[value.size ?? TextSize.UNSPECIFIED];
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the field points here by aria-labelledby
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard reaches the field itself
    <label
      ref={element}
      id={id}
      className={`ws-label ws-text--${value.size === undefined ? "sm" : size}`}
      style={typography(value)}
      onClick={() => fieldOf(element.current, id)?.focus()}
      {...named(widget)}
    >
      {value.value}
    </label>
  );
}

function fieldOf(label: HTMLElement | null, id: string): HTMLElement | null {
  const field = label?.closest(".ws-widget")?.querySelector<HTMLElement>(`[aria-labelledby~="${CSS.escape(id)}"]`);
  return field?.matches("[role=radiogroup]") ? field.querySelector("input") : (field ?? null);
}
