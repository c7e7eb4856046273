import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import { type ItemUpdateSchema, ThreadItemSchema, type WidgetEvent, WidgetEventSchema } from "../src/index.js";
import { frozen } from "./frozen.js";

type EventInit = NonNullable<MessageInitShape<typeof WidgetEventSchema>["event"]>;
type ItemInit = MessageInitShape<typeof ThreadItemSchema>;
type UpdateInit = NonNullable<MessageInitShape<typeof ItemUpdateSchema>["update"]>;

/** Returns the events of a run, numbered from 1. Who changes them, fails. */
export function run(runId: string, ...events: EventInit[]): WidgetEvent[] {
  return events.map((event, index) =>
    frozen(create(WidgetEventSchema, { sequence: index + 1, runId, threadId: "thr_a", event })),
  );
}

export const started: EventInit = { case: "runStarted", value: {} };
export const completed: EventInit = { case: "runCompleted", value: {} };

export function added(item: ItemInit): EventInit {
  return { case: "itemAdded", value: { item } };
}

export function done(item: ItemInit): EventInit {
  return { case: "itemDone", value: { item } };
}

export function removed(itemId: string): EventInit {
  return { case: "itemRemoved", value: { itemId } };
}

export function updated(itemId: string, update: UpdateInit): EventInit {
  return { case: "itemUpdated", value: { itemId, update: { update } } };
}

export function text(itemId: string, delta: string): EventInit {
  return updated(itemId, { case: "textDelta", value: { delta } });
}

/** An assistant's message. */
export function message(id: string, ...texts: string[]): ItemInit {
  const content = texts.map((each) => ({ text: each }));
  return { id, item: { case: "assistantMessage", value: { content } } };
}

/** A person's message. */
export function said(id: string, words: string): ItemInit {
  return {
    id,
    item: { case: "userMessage", value: { content: [{ content: { case: "inputText", value: { text: words } } }] } },
  };
}

/** The same, begun at a second. */
export function at(seconds: number, item: ItemInit): ItemInit {
  return { ...item, createTime: create(TimestampSchema, { seconds: BigInt(seconds) }) } as ItemInit;
}

export function made(item: ItemInit) {
  return frozen(create(ThreadItemSchema, item));
}
