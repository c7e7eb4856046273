import { type Workflow, WorkflowType } from "@widgetstream/client";
import { memo, useEffect, useId, useState } from "react";
import { Icon } from "../../icons/index.js";
import { useTexts } from "../PanelContext.js";
import type { Texts } from "../texts/index.js";
import { durationInWords } from "./durations.js";
import { TaskView } from "./TaskView.js";

/**
 * Steps of the assistant's work: one line that opens and closes, and the steps below it.
 *
 * Open while it goes on; then as the application says, until the person decides.
 */
export const WorkflowView = memo(function WorkflowView({
  workflow,
  pending,
}: {
  workflow: Workflow;
  pending: boolean;
}) {
  const texts = useTexts();
  const id = useId();
  const seconds = useElapsed(pending);
  const [chosen, setChosen] = useState<boolean>();
  const reasoning = workflow.type === WorkflowType.REASONING;
  const open = chosen ?? (pending ? workflow.expanded || !reasoning || workflow.tasks.length > 0 : workflow.expanded);
  const hasSteps = workflow.tasks.length > 0;
  const summary = workflow.summary?.summary;
  const icon = summary?.case === "custom" ? summary.value.icon : reasoning ? "lightbulb" : undefined;
  return (
    <div className="wsp-workflow" aria-busy={pending}>
      <button
        type="button"
        className="wsp-workflow-head"
        aria-expanded={open && hasSteps}
        aria-controls={id}
        disabled={!hasSteps}
        onClick={() => setChosen(!open)}
      >
        {icon && <Icon name={icon} />}
        <span className={pending ? "wsp-shimmer" : undefined}>{titleOf(workflow, pending, seconds, texts)}</span>
        {hasSteps && <Icon name="chevron-down" className="wsp-chevron" />}
      </button>
      <ol id={id} className="wsp-steps" hidden={!open || !hasSteps}>
        {workflow.tasks.map((task, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no names, and never change places
          <li key={index}>
            <TaskView task={task} />
          </li>
        ))}
      </ol>
    </div>
  );
});

function titleOf(workflow: Workflow, pending: boolean, seconds: number | undefined, texts: Texts): string {
  const reasoning = workflow.type === WorkflowType.REASONING;
  const summary = workflow.summary?.summary;
  if (summary?.case === "custom") return summary.value.title;
  if (summary?.case === "duration") {
    const duration = durationInWords(summary.value.duration, texts);
    return reasoning ? texts.thoughtFor(duration) : texts.workedFor(duration);
  }
  if (pending) return reasoning ? texts.thinking : texts.working;
  if (seconds !== undefined) {
    const duration = durationInWords(Math.max(1, seconds), texts);
    return reasoning ? texts.thoughtFor(duration) : texts.workedFor(duration);
  }
  return reasoning ? texts.thought : texts.steps(workflow.tasks.length);
}

/** Seconds from when something was first seen pending to its end; `undefined` if its beginning was not seen. */
function useElapsed(pending: boolean): number | undefined {
  const [began] = useState(() => (pending ? Date.now() : undefined));
  const [ended, setEnded] = useState<number>();
  useEffect(() => {
    if (!pending && began !== undefined) setEnded((before) => before ?? Date.now());
  }, [pending, began]);
  return began !== undefined && ended !== undefined ? (ended - began) / 1000 : undefined;
}
