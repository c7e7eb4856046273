import { create } from "@bufbuild/protobuf";
import {
  type AssistantMessageContent,
  AssistantMessageContentSchema,
  type AssistantMessageItem,
  type ItemUpdate,
  type ThreadItem,
} from "../gen/widgetstream/chatkit/v1/item_pb.js";
import type { Widget } from "../gen/widgetstream/chatkit/v1/widget_pb.js";
import { type Workflow, WorkflowSchema } from "../gen/widgetstream/chatkit/v1/workflow_pb.js";
import { share } from "./share.js";
import { appendText, replaceComponent } from "./widgets.js";

/** An update that does not fit the item: its kind, its size, or its widget. */
export class UpdateMismatchError extends Error {
  override get name(): string {
    return "UpdateMismatchError";
  }
}

/**
 * Returns an item as it is after an update. The item given stays as it is, and what the update leaves as it was is the
 * same object in both.
 *
 * Throws an `UpdateMismatchError` when the update does not fit.
 */
export function applyUpdate(item: ThreadItem, { update }: ItemUpdate): ThreadItem {
  const before = item.item;
  const value = changeValue(before, update);
  if (value === undefined) {
    const what = update.case ?? "an unknown update";
    throw new UpdateMismatchError(`${what} does not fit ${item.id} of kind ${before.case}`);
  }
  return value === before.value ? item : { ...item, item: { case: before.case, value } as ThreadItem["item"] };
}

/** Returns the value after an update. Undefined: the update does not fit. */
function changeValue(item: ThreadItem["item"], update: Update): ThreadItem["item"]["value"] {
  switch (item.case) {
    case "assistantMessage":
      return changeMessage(item.value, update);
    case "widget":
      return withField(item.value, "widget", item.value.widget && changeWidget(item.value.widget, update));
    case "workflow":
      return withField(item.value, "workflow", changeWorkflow(item.value.workflow ?? NO_WORKFLOW, update));
    case "generatedImage":
      if (update.case !== "generatedImageUpdated") return undefined;
      return withField(item.value, "image", share(item.value.image, update.value.image));
    default:
      return undefined;
  }
}

const NO_WORKFLOW: Workflow = create(WorkflowSchema);
const EMPTY_PART: AssistantMessageContent = create(AssistantMessageContentSchema);

/** Returns a message with another value of a field. Undefined: there is no other value. */
function withField<T extends object, K extends keyof T>(message: T, name: K, value: T[K]): T | undefined {
  if (value === undefined) return undefined;
  return message[name] === value ? message : { ...message, [name]: value };
}

type Update = ItemUpdate["update"];

function changeMessage(message: AssistantMessageItem, update: Update): AssistantMessageItem | undefined {
  switch (update.case) {
    case "textDelta": {
      const { contentIndex, delta } = update.value;
      return withPart(message, contentIndex, (part) => ({ ...part, text: part.text + delta }));
    }
    case "contentPartAdded":
    case "contentPartDone": {
      const { contentIndex, content = EMPTY_PART } = update.value;
      return withPart(message, contentIndex, (part) => share(part, content));
    }
    case "annotationAdded": {
      const { contentIndex, annotationIndex, annotation } = update.value;
      if (!annotation) return undefined;
      return withPart(message, contentIndex, (part) => ({
        ...part,
        annotations: part.annotations.toSpliced(annotationIndex, 0, annotation),
      }));
    }
    default:
      return undefined;
  }
}

/** Changes a part of a message. One that does not exist yet begins empty, as do those before it. */
function withPart(
  message: AssistantMessageItem,
  index: number,
  change: (part: AssistantMessageContent) => AssistantMessageContent,
): AssistantMessageItem {
  const before = message.content[index];
  const after = change(before ?? EMPTY_PART);
  if (after === before) return message;
  const content = [...message.content];
  while (content.length <= index) content.push(EMPTY_PART);
  content[index] = after;
  return { ...message, content };
}

function changeWidget(widget: Widget, update: Update): Widget | undefined {
  switch (update.case) {
    case "widgetTextDelta":
      return appendText(widget, update.value);
    case "componentUpdated":
      return update.value.component && replaceComponent(widget, update.value.componentId, update.value.component);
    case "rootUpdated":
      return update.value.widget && share(widget, update.value.widget);
    default:
      return undefined;
  }
}

function changeWorkflow(workflow: Workflow, update: Update): Workflow | undefined {
  switch (update.case) {
    case "workflowTaskAdded":
      return update.value.task && { ...workflow, tasks: [...workflow.tasks, update.value.task] };
    case "workflowTaskUpdated": {
      const { taskIndex, task } = update.value;
      const before = workflow.tasks[taskIndex];
      if (!task || !before) return undefined;
      return { ...workflow, tasks: workflow.tasks.with(taskIndex, share(before, task)) };
    }
    default:
      return undefined;
  }
}
