import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import {
  applyEvent,
  applyEvents,
  CancelCause,
  dismissNotice,
  EMPTY_THREAD_STATE,
  ErrorReason,
  GetThreadResponseSchema,
  isActive,
  itemKey,
  ListItemsResponseSchema,
  NoticeLevel,
  RunState,
  type ThreadState,
  takeEffects,
  threadState,
  type WidgetEvent,
  WidgetEventSchema,
  withItem,
  withOlderItems,
  withOptimisticMessage,
  withoutOptimisticMessage,
} from "../src/index.js";
import { added, at, completed, done, made, message, removed, run, said, started, text, updated } from "./events.js";
import { frozen } from "./frozen.js";

function fold(events: WidgetEvent[], state: ThreadState = EMPTY_THREAD_STATE): ThreadState {
  return events.reduce((before, event) => frozen(applyEvent(before, event)), frozen(state));
}

function texts(state: ThreadState): string[] {
  return state.items.map(({ id, item }) => {
    if (item.case === "assistantMessage") return item.value.content.map((part) => part.text).join("|");
    if (item.case === "userMessage") return item.value.content.map((part) => part.content.value?.text).join("|");
    return id;
  });
}

describe("a run", () => {
  test("begins, says something, and ends", () => {
    const events = run("run_a", started, done(said("msg_1", "hi")), added(message("msg_2")), text("msg_2", "Hel"));
    const during = fold(events);

    expect(during.threadId).toBe("thr_a");
    expect(during.run).toMatchObject({ runId: "run_a", phase: "running", sequence: 4, allowCancel: true });
    expect(isActive(during.run)).toBe(true);
    expect([...during.pendingItemIds]).toEqual(["msg_2"]);
    expect(texts(during)).toEqual(["hi", "Hel"]);

    const rest = run(
      "run_a",
      ...Array(4).fill(started),
      text("msg_2", "lo"),
      done(message("msg_2", "Hello")),
      completed,
    );
    const after = fold(rest.slice(4), during);
    expect(texts(after)).toEqual(["hi", "Hello"]);
    expect(after.pendingItemIds.size).toBe(0);
    expect(after.run).toMatchObject({ phase: "completed", sequence: 7 });
    expect(isActive(after.run)).toBe(false);
  });

  test("is applied once, however often its events come", () => {
    const events = run("run_a", started, added(message("msg_1")), text("msg_1", "a"), text("msg_1", "b"));
    const once = fold(events);

    expect(fold(events, once)).toBe(once);
  });

  test("does not care for heartbeats", () => {
    const state = fold(run("run_a", started));
    const heartbeat = create(WidgetEventSchema, { sequence: 1, event: { case: "heartbeat", value: {} } });

    expect(applyEvent(state, heartbeat)).toBe(state);
  });

  test("is the one under way where an event does not name any", () => {
    const bare = create(WidgetEventSchema, { sequence: 2, event: done(message("msg_1", "a")) });

    expect(texts(applyEvent(fold(run("run_a", started)), bare))).toEqual(["a"]);
    expect(applyEvent(EMPTY_THREAD_STATE, bare)).toBe(EMPTY_THREAD_STATE);
  });

  test("tells how it failed", () => {
    const failure = { reason: ErrorReason.MODEL_UNAVAILABLE, message: "away", allowRetry: true };
    const events = run(
      "run_a",
      started,
      { case: "error", value: { code: "custom", message: "hm", allowRetry: true } },
      { case: "runFailed", value: failure },
    );

    expect(fold(events).run).toMatchObject({ phase: "failed", error: { message: "hm" }, failure });
  });

  test("tells why it was canceled, and whether it may be", () => {
    const events = run(
      "run_a",
      started,
      { case: "streamOptions", value: { streamOptions: { allowCancel: false } } },
      { case: "runCanceled", value: { cause: CancelCause.INTERRUPTED } },
    );

    expect(fold(events.slice(0, 2)).run?.allowCancel).toBe(false);
    expect(fold(events).run).toMatchObject({ phase: "canceled", cancelCause: CancelCause.INTERRUPTED });
  });

  test("tells what it waits for, and what it took", () => {
    const [first, last] = run("run_a", started, {
      case: "runCompleted",
      value: { pendingItemId: "si_1", usage: { inputTokens: 5 } },
    }) as [WidgetEvent, WidgetEvent];

    expect(fold([first, last]).run).toMatchObject({ pendingItemId: "si_1", usage: { inputTokens: 5 } });
  });

  test("waits while another is under way", () => {
    const first = run("run_a", started, done(message("msg_1", "a")), completed);
    const second = run("run_b", started, done(message("msg_2", "b")), completed);
    const waiting = fold([...first.slice(0, 2), ...second.slice(0, 1)]);

    expect(waiting.run?.runId).toBe("run_a");
    expect(waiting.queuedRuns).toMatchObject([{ runId: "run_b", phase: "queued" }]);
    const after = fold([...first.slice(2), ...second.slice(1)], waiting);
    expect(after.run).toMatchObject({ runId: "run_b", phase: "completed" });
    expect(after.queuedRuns).toEqual([]);
    expect(texts(after)).toEqual(["a", "b"]);
  });
});

describe("items", () => {
  test("are removed, replaced and done without being added", () => {
    const events = run(
      "run_a",
      started,
      done(message("msg_1", "one")),
      done(message("msg_2", "two")),
      { case: "itemReplaced", value: { item: message("msg_1", "eins") } },
      removed("msg_2"),
    );

    expect(texts(fold(events))).toEqual(["eins"]);
  });

  test("that are not known are not removed or updated", () => {
    const state = fold(run("run_a", started));
    const [, gone, changed] = run("run_a", started, removed("msg_9"), text("msg_9", "a")) as WidgetEvent[];

    expect(fold([gone, changed] as WidgetEvent[], state).items).toBe(state.items);
  });

  test("are as they are done when an update does not fit", () => {
    const misfit = updated("msg_1", { case: "rootUpdated", value: {} });
    const events = run("run_a", started, added(message("msg_1")), misfit, done(message("msg_1", "all")));

    expect(texts(fold(events))).toEqual(["all"]);
  });

  test("show how far an image is, until it is done", () => {
    const image = { id: "gen_1", url: "data:," };
    const half = updated("img_1", { case: "generatedImageUpdated", value: { image, progress: 0.5 } });
    const item = { id: "img_1", item: { case: "generatedImage", value: { image } } } as const;
    const events = run(
      "run_a",
      started,
      added({ id: "img_1", item: { case: "generatedImage", value: {} } }),
      half,
      done(item),
    );

    expect(fold(events.slice(0, 3)).imageProgress.get("img_1")).toBe(0.5);
    expect(fold(events).imageProgress.size).toBe(0);
  });

  test("of a sync action are changed in their place", () => {
    const state = fold(run("run_a", started, done(message("msg_1", "a")), done(message("msg_2", "b"))));

    expect(texts(withItem(state, made(message("msg_1", "A"))))).toEqual(["A", "b"]);
  });

  test("that nothing happened to stay the same objects", () => {
    const widget = (label: string) => ({
      id: "wid_1",
      item: {
        case: "widget",
        value: {
          widget: {
            id: "card",
            component: {
              case: "card",
              value: {
                children: [
                  { id: "left", component: { case: "badge", value: { label: "still" } } },
                  {
                    id: "right",
                    component: {
                      case: "row",
                      value: {
                        children: [
                          { id: "label", component: { case: "badge", value: { label } } },
                          { id: "icon", component: { case: "icon", value: { name: "check" } } },
                        ],
                      },
                    },
                  },
                ],
              },
            },
          },
        },
      },
    });
    const events = run(
      "run_a",
      started,
      done(message("msg_1", "a")),
      added(widget("open") as never),
      updated("wid_1", {
        case: "componentUpdated",
        value: {
          componentId: "label",
          component: { id: "label", component: { case: "badge", value: { label: "done" } } },
        },
      }),
      done(widget("done") as never),
    );
    const before = fold(events.slice(0, 3));
    const after = fold(events.slice(3, 4), before);
    const last = fold(events.slice(4), after);

    expect(after.items[0]).toBe(before.items[0]);
    expect(after.items[1]).not.toBe(before.items[1]);
    const [left, right] = children(root(after));
    const [leftBefore, rightBefore] = children(root(before));
    expect(left).toBe(leftBefore);
    expect(right).not.toBe(rightBefore);
    expect(children(right)[0]).not.toBe(children(rightBefore)[0]);
    expect(children(right)[1]).toBe(children(rightBefore)[1]);
    // What is done is what it was already.
    expect(last.items).toBe(after.items);
  });
});

function root(state: ThreadState): unknown {
  const { item } = state.items[1] ?? {};
  return item?.case === "widget" ? item.value.widget : undefined;
}

function children(widget: unknown): unknown[] {
  return (widget as { component: { value: { children: unknown[] } } }).component.value.children;
}

describe("what leaves nothing in the thread", () => {
  test("progress lasts until the next item of the assistant, or the end", () => {
    const looking = { case: "progressUpdate", value: { text: "Looking", icon: "search" } } as const;

    expect(fold(run("run_a", started, looking, done(said("msg_1", "hi")))).progress?.text).toBe("Looking");
    expect(fold(run("run_a", started, looking, added(message("msg_1")))).progress).toBeUndefined();
    expect(fold(run("run_a", started, looking, done(message("msg_1", "a")))).progress).toBeUndefined();
    expect(fold(run("run_a", started, looking, completed)).progress).toBeUndefined();
  });

  test("notices stay where they came, until they are dismissed", () => {
    const notice = { case: "notice", value: { level: NoticeLevel.INFO, message: "look" } } as const;
    const state = fold(run("run_a", started, notice, done(message("msg_1", "a")), notice));

    expect(state.notices).toMatchObject([
      { key: "run_a:2", afterItemId: undefined },
      { key: "run_a:4", afterItemId: "msg_1", notice: { message: "look" } },
    ]);
    expect(dismissNotice(state, "run_a:2").notices.map(({ key }) => key)).toEqual(["run_a:4"]);
    expect(dismissNotice(state, "run_z:1")).toBe(state);
  });

  test("effects are there to be taken", () => {
    const effect = { case: "clientEffect", value: { name: "refresh", data: { list: "tasks" } } } as const;
    const state = fold(run("run_a", started, effect));

    expect(state.effects).toMatchObject([{ key: "run_a:2", effect: { name: "refresh", data: { list: "tasks" } } }]);
    expect(takeEffects(state).effects).toEqual([]);
    expect(takeEffects(EMPTY_THREAD_STATE)).toBe(EMPTY_THREAD_STATE);
  });

  test("the thread itself may change", () => {
    const events = run(
      "run_a",
      started,
      { case: "threadCreated", value: { thread: { id: "thr_a" } } },
      { case: "threadUpdated", value: { thread: { id: "thr_a", title: "Milk" } } },
    );

    expect(fold(events.slice(0, 2)).thread?.title).toBeUndefined();
    expect(fold(events).thread).toMatchObject({ id: "thr_a", title: "Milk" });
  });

  test("an event of a later version is passed over where it says so, else the page is out of date", () => {
    const unknown = create(WidgetEventSchema, { sequence: 2, runId: "run_a" });

    expect(fold([...run("run_a", started), unknown]).isOutdated).toBe(true);
    expect(fold([...run("run_a", started), { ...unknown, ignorable: true }]).isOutdated).toBe(false);
    const update = run("run_a", started, added(message("msg_1")), {
      case: "itemUpdated",
      value: { itemId: "msg_1", update: {} },
    });
    expect(fold(update).isOutdated).toBe(true);
  });
});

describe("messages that the server has not confirmed", () => {
  const content = [{ content: { case: "inputText", value: { text: "hi" } } }] as const;

  test("are shown at once, and give their places to those that were stored", () => {
    const sent = withOptimisticMessage(EMPTY_THREAD_STATE, "local:1", { content: [...content] });
    expect(texts(sent)).toEqual(["hi"]);
    expect([...sent.optimisticItemIds]).toEqual(["local:1"]);

    const after = fold(run("run_a", started, done(said("msg_1", "hi")), done(message("msg_2", "Hello"))), sent);
    expect(after.items.map((item) => item.id)).toEqual(["msg_1", "msg_2"]);
    expect(after.optimisticItemIds.size).toBe(0);
    // What is shown of it is not made anew.
    expect(after.items.map((item) => itemKey(after, item))).toEqual(["local:1", "msg_2"]);
  });

  test("stay below what comes meanwhile, in the order in which they were sent", () => {
    const running = fold(run("run_a", started, done(said("msg_1", "a"))));
    const sent = withOptimisticMessage(
      withOptimisticMessage(running, "local:1", { content: [...content] }),
      "local:2",
      { content: [...content] },
    );
    const events = run("run_a", started, started, done(message("msg_2", "b")), completed).slice(2);
    const after = fold([...events, ...run("run_b", started, done(said("msg_3", "hi")))], sent);

    expect(after.items.map((item) => item.id)).toEqual(["msg_1", "msg_2", "msg_3", "local:2"]);
  });

  test("go when they were refused", () => {
    const sent = withOptimisticMessage(EMPTY_THREAD_STATE, "local:1", { content: [...content] });

    expect(withoutOptimisticMessage(sent, "local:1").items).toEqual([]);
    expect(withoutOptimisticMessage(sent, "msg_1")).toBe(sent);
  });
});

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

test("events are applied in order", () => {
  const events = run("run_a", started, added(message("msg_1")), text("msg_1", "a"), text("msg_1", "b"));

  expect(texts(applyEvents(EMPTY_THREAD_STATE, events))).toEqual(["ab"]);
});
