import { applyEvent, EMPTY_THREAD_STATE, type ThreadState, type WidgetEvent } from "../src/index.js";
import { frozen } from "./frozen.js";

/** Applies events one after another, and makes sure that no state is changed by the next. */
export function fold(events: WidgetEvent[], state: ThreadState = EMPTY_THREAD_STATE): ThreadState {
  return events.reduce((before, event) => frozen(applyEvent(before, event)), frozen(state));
}

/** Returns what is said in each item; for one without words, its id. */
export function texts(state: ThreadState): string[] {
  return state.items.map(({ id, item }) => {
    if (item.case === "assistantMessage") return item.value.content.map((part) => part.text).join("|");
    if (item.case === "userMessage") return item.value.content.map((part) => part.content.value?.text).join("|");
    return id;
  });
}
