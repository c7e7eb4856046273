/** What a conversation is made of, and what comes of it here: the schema's own types. */
export type {
  Action,
  ClientEffectEvent,
  Run,
  Thread,
  ThreadItem,
  Widget,
  WidgetEvent,
} from "@widgetstream/client";

/** The client effect of the todo assistant that follows a change of tasks (`CHANGED_EFFECT` on the server). */
export const TASKS_CHANGED = "tasks_changed";
