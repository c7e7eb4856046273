import { StatusIndicator, type Task } from "@widgetstream/client";
import { memo, type ReactNode, useId, useState } from "react";
import { Icon } from "../../icons/index.js";
import { Markdown } from "../../markdown/index.js";
import { usePanel } from "../PanelContext.js";
import type { Texts } from "../texts/index.js";
import { TaskSources } from "./TaskSources.js";

/** One step of the assistant's work: an icon, a title, and what there is to see of it. */
export const TaskView = memo(function TaskView({ task, alone = false }: { task: Task; alone?: boolean }) {
  const { texts, imageDomains } = usePanel();
  const id = useId();
  const [open, setOpen] = useState(!alone);
  const loading = task.statusIndicator === StatusIndicator.LOADING;
  const title = titleOf(task, texts);
  const markdown = textOf(task);
  const body: ReactNode =
    markdown || hasSources(task) ? (
      <div id={id} className="wsp-task-body" hidden={!open}>
        {markdown && <Markdown text={markdown} streaming={loading} imageDomains={imageDomains} />}
        <TaskSources task={task} />
      </div>
    ) : null;
  const head = (
    <>
      <span className={loading ? "wsp-shimmer" : undefined}>{title}</span>
      <Status status={task.statusIndicator} />
    </>
  );
  return (
    <div className="wsp-task" data-alone={alone || undefined} aria-busy={loading}>
      <span className="wsp-task-icon">
        <Icon name={iconOf(task)} />
      </span>
      <div className="wsp-task-main">
        {alone && body ? (
          <button
            type="button"
            className="wsp-task-title"
            aria-expanded={open}
            aria-controls={id}
            onClick={() => setOpen(!open)}
          >
            {head}
            <Icon name="chevron-down" className="wsp-chevron" />
          </button>
        ) : (
          <div className="wsp-task-title">{head}</div>
        )}
        {body}
      </div>
    </div>
  );
});

function Status({ status }: { status: StatusIndicator | undefined }) {
  const { texts } = usePanel();
  if (status === StatusIndicator.LOADING)
    return <span className="wsp-spinner" role="img" aria-label={texts.stepLoading} />;
  if (status === StatusIndicator.COMPLETE) {
    return (
      <span className="wsp-task-done" role="img" aria-label={texts.stepDone}>
        <Icon name="check" />
      </span>
    );
  }
  return null;
}

function titleOf({ task }: Task, texts: Texts): string {
  switch (task.case) {
    case "custom":
      return task.value.title || texts.step;
    case "webSearch": {
      const title = task.value.title || texts.search;
      return task.value.titleQuery ? `${title}: ${task.value.titleQuery}` : title;
    }
    case "thought":
      return task.value.title || texts.thought;
    case "file":
      return task.value.title || texts.files;
    case "image":
      return task.value.title || texts.imageTask;
    default:
      return texts.step;
  }
}

function textOf({ task }: Task): string {
  return task.case === "custom" || task.case === "thought" ? (task.value.content ?? "") : "";
}

function hasSources({ task }: Task): boolean {
  if (task.case === "webSearch") return task.value.sources.length > 0 || task.value.queries.length > 0;
  return task.case === "file" && task.value.sources.length > 0;
}

function iconOf({ task }: Task): string {
  switch (task.case) {
    case "custom":
      return task.value.icon ?? "dot";
    case "webSearch":
      return "search";
    case "thought":
      return "lightbulb";
    case "file":
      return "document";
    case "image":
      return "square-image";
    default:
      return "dot";
  }
}
