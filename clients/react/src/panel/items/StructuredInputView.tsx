import { type StructuredInputItem, StructuredInputStatus } from "@widgetstream/client";
import { memo } from "react";
import { useTexts } from "../PanelContext.js";
import { Questions } from "./Questions.js";

/** Questions of the assistant: to be answered where they stand, then shown with their answers. */
export const StructuredInputView = memo(function StructuredInputView({
  itemId,
  item,
}: {
  itemId: string;
  item: StructuredInputItem;
}) {
  const texts = useTexts();
  switch (item.status) {
    case StructuredInputStatus.ANSWERED:
      return <Answered item={item} />;
    case StructuredInputStatus.SKIPPED:
      return <p className="wsp-quiet">{texts.skipped}</p>;
    default:
      return <Questions itemId={itemId} inputs={item.inputs} />;
  }
});

function Answered({ item }: { item: StructuredInputItem }) {
  const texts = useTexts();
  return (
    <dl className="wsp-answered" aria-label={texts.questions}>
      {item.inputs.map(({ id, question, answer }) => (
        <div key={id}>
          <dt>{question}</dt>
          <dd>{answer && !answer.skipped && answer.values.length > 0 ? answer.values.join(", ") : texts.noAnswer}</dd>
        </div>
      ))}
    </dl>
  );
}
