import type { StructuredInput } from "@widgetstream/client";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { usePanel } from "../PanelContext.js";
import { Question } from "./Question.js";

/** What a person has filled in for one question. */
export interface Given {
  chosen: readonly string[];
  text: string;
}

const NOTHING: Given = { chosen: [], text: "" };

/** The answers to a question: what was chosen, and what was written. */
export function valuesOf({ chosen, text }: Given): string[] {
  return text.trim() ? [...chosen, text.trim()] : [...chosen];
}

/** Open questions, one at a time; the last one's button sends all answers. */
export function Questions({ itemId, inputs }: { itemId: string; inputs: readonly StructuredInput[] }) {
  const { texts, conversation } = usePanel();
  const titleId = useId();
  const form = useRef<HTMLFormElement>(null);
  const [place, setPlace] = useState(0);
  const [given, setGiven] = useState<Readonly<Record<string, Given>>>({});
  const [sending, setSending] = useState(false);
  const moved = useRef(false);
  const input = inputs[place];
  const last = place === inputs.length - 1;

  useEffect(() => {
    if (moved.current) form.current?.querySelector<HTMLElement>("input, textarea")?.focus();
    moved.current = place >= 0;
  }, [place]);

  if (!input) return null;
  const answer = given[input.id] ?? NOTHING;
  const values = valuesOf(answer);

  const send = async (answers: Readonly<Record<string, Given>>) => {
    setSending(true);
    const sent = await conversation.answer(
      itemId,
      Object.fromEntries(inputs.map(({ id }) => [id, valuesOf(answers[id] ?? NOTHING)])),
    );
    if (!sent) setSending(false);
  };
  const goOn = (answers: Readonly<Record<string, Given>>) => {
    setGiven(answers);
    if (last) void send(answers);
    else setPlace(place + 1);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (values.length > 0) goOn(given);
  };
  const skip = () => goOn({ ...given, [input.id]: NOTHING });

  return (
    <form
      ref={form}
      className="wsp-questions"
      aria-labelledby={titleId}
      aria-busy={sending}
      onSubmit={submit}
      data-widgetstream-form=""
    >
      <div className="wsp-questions-head">
        <p id={titleId} className="wsp-question">
          {input.question}
        </p>
        {inputs.length > 1 && (
          <span className="wsp-question-count" role="img" aria-label={texts.questionOf(place + 1, inputs.length)}>
            {place + 1} / {inputs.length}
          </span>
        )}
      </div>
      <fieldset disabled={sending}>
        <Question
          key={input.id}
          input={input}
          labelId={titleId}
          given={answer}
          onChange={(changed) => setGiven({ ...given, [input.id]: changed })}
        />
        <div className="wsp-questions-foot">
          {place > 0 && (
            <button type="button" className="wsp-button" onClick={() => setPlace(place - 1)}>
              {texts.back}
            </button>
          )}
          <span className="wsp-space" />
          <button type="button" className="wsp-button" onClick={skip}>
            {texts.skip}
          </button>
          <button type="submit" className="wsp-button" data-primary="" disabled={values.length === 0}>
            {last ? texts.submitAnswers : texts.next}
          </button>
        </div>
      </fieldset>
    </form>
  );
}
