import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import {
  applyEvent,
  GetThreadResponseSchema,
  ListItemsResponseSchema,
  RunState,
  threadState,
  withOlderItems,
} from "../src/index.js";
import { added, at, completed, done, message, run, said, started, text } from "./events.js";
import { fold, texts } from "./folding.js";
import { frozen } from "./frozen.js";

describe("a thread that was loaded", () => {
  const loaded = (items: ReturnType<typeof said>[], hasMore = false, running = false) =>
    frozen(
      create(GetThreadResponseSchema, {
        thread: { id: "thr_a", title: "Milk", items: { data: items, hasMore } },
        activeRun: running ? { runId: "run_a", state: RunState.RUNNING } : undefined,
      }),
    );

  test("has its newest items, and older ones page by page", () => {
    const state = threadState(loaded([message("msg_5", "e"), message("msg_6", "f")], true));
    expect(state).toMatchObject({ threadId: "thr_a", thread: { title: "Milk" }, hasOlder: true, olderToken: "" });
    expect(state.thread?.items).toBeUndefined();

    const page = (ids: string[], nextPageToken: string) =>
      create(ListItemsResponseSchema, { items: ids.map((id) => message(id, id)), nextPageToken });
    const more = withOlderItems(state, page(["msg_6", "msg_5", "msg_4", "msg_3"], "token"));
    expect(more.items.map((item) => item.id)).toEqual(["msg_3", "msg_4", "msg_5", "msg_6"]);
    expect(more).toMatchObject({ hasOlder: true, olderToken: "token" });
    const all = withOlderItems(more, page(["msg_2"], ""));
    expect(all.items.map((item) => item.id)).toEqual(["msg_2", "msg_3", "msg_4", "msg_5", "msg_6"]);
    expect(all.hasOlder).toBe(false);
  });

  test("stays the same objects when it is loaded again", () => {
    const state = threadState(loaded([said("msg_1", "a"), message("msg_2", "b")]));
    const again = threadState(loaded([said("msg_1", "a"), message("msg_2", "b")]), state);

    expect(again.items).toBe(state.items);
    expect(again.thread).toBe(state.thread);
  });

  test("keeps older items when it is loaded again, and forgets those of another thread", () => {
    const state = threadState(loaded([message("msg_1", "a"), message("msg_2", "b")], true));
    const again = threadState(loaded([message("msg_2", "b"), message("msg_3", "c")], true), state);
    expect(again.items.map((item) => item.id)).toEqual(["msg_1", "msg_2", "msg_3"]);

    const other = create(GetThreadResponseSchema, { thread: { id: "thr_b" } });
    expect(threadState(other, state).items).toEqual([]);
  });

  test("goes on where it was, without a step back, when its run is followed again", () => {
    const state = threadState(loaded([said("msg_1", "hi"), message("msg_2", "Hello, wo")], false, true));
    const events = run(
      "run_a",
      started,
      done(said("msg_1", "hi")),
      added(message("msg_2")),
      text("msg_2", "Hello"),
      text("msg_2", ", world"),
      text("msg_2", "!"),
    );
    const seen: string[] = [];
    events.reduce((before, event) => {
      const after = frozen(applyEvent(before, event));
      seen.push(texts(after)[1] ?? "");
      return after;
    }, state);

    expect(seen).toEqual(["Hello, wo", "Hello, wo", "Hello, wo", "Hello, wo", "Hello, world", "Hello, world!"]);
  });

  test("shows all that was built when the run ends before it caught up", () => {
    const state = threadState(loaded([message("msg_2", "Hello")], false, true));
    const events = run("run_a", started, added(message("msg_2")), text("msg_2", "Hel"), completed);

    expect(texts(fold(events, state))).toEqual(["Hel"]);
  });

  test("puts what its run has said before the loaded items in their place", () => {
    const state = threadState(loaded([at(3, message("msg_3", "c")), at(4, message("msg_4", "d"))], true, true));
    const events = run(
      "run_a",
      started,
      ...[1, 2, 3, 4, 5].map((second) => done(at(second, message(`msg_${second}`, "abcde"[second - 1] ?? "")))),
    );

    expect(texts(fold(events, state))).toEqual(["a", "b", "c", "d", "e"]);
  });
});
