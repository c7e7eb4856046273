import { equals, toJson } from "@bufbuild/protobuf";
import { expect, inject, test } from "vitest";
import {
  applyEvent,
  applyEvents,
  EMPTY_THREAD_STATE,
  type ThreadItem,
  ThreadItemSchema,
  type ThreadState,
  threadState,
  type WidgetEvent,
  WidgetstreamClient,
} from "../src/index.js";

const client = new WidgetstreamClient({ baseUrl: inject("url"), token: inject("token") });

async function play(command: string): Promise<{ threadId: string; events: WidgetEvent[] }> {
  const stream = client.respond(command);
  const events = await Array.fromAsync(stream);
  return { threadId: stream.threadId, events };
}

function fold(events: WidgetEvent[]): ThreadState {
  return applyEvents(EMPTY_THREAD_STATE, events);
}

function json(items: readonly ThreadItem[]) {
  return items.map((item) => toJson(ThreadItemSchema, item));
}

async function commands(): Promise<string[]> {
  const { events } = await play("help");
  const [, help] = fold(events).items;
  const text = help?.item.case === "assistantMessage" ? help.item.value.content[0]?.text : "";
  const names = Array.from(
    text?.matchAll(/^- `([^`]+)`/gm) ?? [],
    ([, usage]) => usage?.split(/ (name|text|hosts|reason|title|info\|)/)[0] ?? "",
  );
  return names.filter((name) => name !== "wait");
}

test("what events add up to is what the server has stored, for all that the showcase shows", async () => {
  const names = await commands();
  expect(names.length).toBeGreaterThan(50);

  for (const name of names) {
    const { threadId, events } = await play(name);
    const state = fold(events);
    const stored = await Array.fromAsync(client.listItems({ threadId, pageSize: 100 }));

    expect(json(state.items), name).toEqual(json(stored));
    expect(state.pendingItemIds.size, name).toBe(0);
    expect(state.isOutdated, name).toBe(false);
    const { thread } = await client.getThread(threadId);
    expect(state.thread?.status, name).toEqual(thread?.status);
    expect(state.thread?.title, name).toBe(thread?.title);
  }
});

test("an item's updates add up to the item as it is done", async () => {
  for (const name of ["message", "annotations", "stream widget", "play workflow", "play reasoning", "image"]) {
    let state = EMPTY_THREAD_STATE;
    for (const event of (await play(name)).events) {
      const before = state;
      state = applyEvent(state, event);
      if (event.event.case !== "itemDone" || name === "play workflow" || name === "play reasoning") continue;
      const done = event.event.value.item;
      const built = before.items.find((item) => item.id === done?.id);
      if (done && built) expect(equals(ThreadItemSchema, built, done), name).toBe(true);
      // What was known already is not made anew.
      if (built) expect(state.items, name).toContain(built);
    }
  }
});

test("a thread that was loaded and its run followed again are the same conversation", async () => {
  for (const name of ["all widgets", "stream widget", "remove", "replace", "message"]) {
    const { threadId, events } = await play(name);
    const response = await client.getThread(threadId);
    const runId = events[0]?.runId ?? "";
    const loaded = threadState({ ...response, activeRun: { runId, state: 2 } as never });
    const replayed = applyEvents(loaded, await Array.fromAsync(client.subscribe(runId)));
    const stored = await Array.fromAsync(client.listItems({ threadId, pageSize: 100 }));

    expect(json(replayed.items), name).toEqual(json(stored));
    // An item that was replaced is shown as it was for a moment.
    if (name !== "replace") for (const item of loaded.items) expect(replayed.items, name).toContain(item);
    expect(replayed.run?.phase).toBe("completed");
  }
});
