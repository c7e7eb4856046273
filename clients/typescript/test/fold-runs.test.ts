import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import {
  applyEvent,
  applyEvents,
  CancelCause,
  EMPTY_THREAD_STATE,
  ErrorReason,
  isActive,
  type WidgetEvent,
  WidgetEventSchema,
} from "../src/index.js";
import { added, completed, done, message, run, said, started, text } from "./events.js";
import { fold, texts } from "./folding.js";

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

test("events are applied in order", () => {
  const events = run("run_a", started, added(message("msg_1")), text("msg_1", "a"), text("msg_1", "b"));

  expect(texts(applyEvents(EMPTY_THREAD_STATE, events))).toEqual(["ab"]);
});
