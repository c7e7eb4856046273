import type { MultipleChoice, StructuredInput } from "@widgetstream/client";
import { useId } from "react";
import { useTexts } from "../PanelContext.js";
import type { Given } from "./Questions.js";

/** The fields of one question: options and a line for another answer, or a text. */
export function Question({
  input,
  labelId,
  given,
  onChange,
}: {
  input: StructuredInput;
  labelId: string;
  given: Given;
  onChange(given: Given): void;
}) {
  const texts = useTexts();
  const helpId = useId();
  if (input.input.case === "multipleChoice") {
    return <Choices choice={input.input.value} labelId={labelId} given={given} onChange={onChange} />;
  }
  const description = input.input.case === "freeform" ? input.input.value.description : undefined;
  return (
    <>
      {description && (
        <p id={helpId} className="wsp-question-help">
          {description}
        </p>
      )}
      <textarea
        className="wsp-field"
        rows={2}
        dir={given.text ? "auto" : undefined}
        aria-labelledby={labelId}
        aria-describedby={description ? helpId : undefined}
        placeholder={texts.answer}
        value={given.text}
        onChange={(event) => onChange({ ...given, text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
      />
    </>
  );
}

function Choices({
  choice,
  labelId,
  given,
  onChange,
}: {
  choice: MultipleChoice;
  labelId: string;
  given: Given;
  onChange(given: Given): void;
}) {
  const texts = useTexts();
  const name = useId();
  const choose = (value: string, on: boolean) => {
    if (!choice.multiple) onChange({ chosen: [value], text: "" });
    else onChange({ ...given, chosen: on ? [...given.chosen, value] : given.chosen.filter((each) => each !== value) });
  };
  const group = { role: choice.multiple ? "group" : "radiogroup", "aria-labelledby": labelId };
  return (
    <div {...group} className="wsp-options">
      {choice.options.map(({ value }) => (
        <label key={value} className="wsp-option">
          <input
            type={choice.multiple ? "checkbox" : "radio"}
            name={name}
            value={value}
            checked={given.chosen.includes(value)}
            onChange={(event) => choose(value, event.target.checked)}
          />
          <span>{value}</span>
        </label>
      ))}
      <input
        className="wsp-field"
        dir={given.text ? "auto" : undefined}
        aria-label={texts.otherAnswer}
        placeholder={texts.otherAnswer}
        value={given.text}
        onChange={(event) => onChange({ chosen: choice.multiple ? given.chosen : [], text: event.target.value })}
      />
    </div>
  );
}
