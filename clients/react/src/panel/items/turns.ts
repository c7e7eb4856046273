import type { ThreadItem } from "@widgetstream/client";
import { isShown } from "../conversation/state.js";
import { textOfAssistantMessage } from "./text.js";

/** What one side says until the other speaks. */
export interface Speech {
  /** The key of its first item. */
  key: string;
  side: "user" | "assistant";
  items: readonly ThreadItem[];
}

/** Splits items into speeches. Speeches whose items did not change are those of `before`. */
export function speechesOf(items: readonly ThreadItem[], before: readonly Speech[] = []): readonly Speech[] {
  const speeches: Speech[] = [];
  let current: ThreadItem[] = [];
  let side: Speech["side"] | undefined;
  const finish = () => {
    const [first] = current;
    if (first && side) speeches.push({ key: first.id, side, items: current });
    current = [];
  };
  for (const item of items) {
    if (!isShown(item)) continue;
    const next = item.item.case === "userMessage" ? "user" : "assistant";
    // Each message of a person is a speech of its own: it is asked and answered by itself.
    if (side !== next || next === "user") finish();
    side = next;
    current.push(item);
  }
  finish();
  const known = new Map(before.map((speech) => [speech.key, speech]));
  return speeches.map((speech) => {
    const same = known.get(speech.key);
    return same && isSame(same.items, speech.items) ? same : speech;
  });
}

function isSame(before: readonly ThreadItem[], after: readonly ThreadItem[]): boolean {
  return before.length === after.length && before.every((item, index) => item === after[index]);
}

/** What the copy button copies of a speech: what was said, and what widgets say for themselves. */
export function copyTextOf(items: readonly ThreadItem[]): string {
  return items
    .map(({ item }) => {
      if (item.case === "assistantMessage") return textOfAssistantMessage(item.value.content);
      return item.case === "widget" ? (item.value.copyText ?? "") : "";
    })
    .filter(Boolean)
    .join("\n\n");
}

/** Whether there is nothing of an item to see yet. */
export function isBlank({ item }: ThreadItem): boolean {
  if (item.case === "assistantMessage") return item.value.content.every(({ text }) => text.trim() === "");
  return item.case === "workflow" && (item.value.workflow?.tasks.length ?? 0) === 0 && !item.value.workflow?.summary;
}
