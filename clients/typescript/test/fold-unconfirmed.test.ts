import { describe, expect, test } from "vitest";
import { EMPTY_THREAD_STATE, itemKey, withOptimisticMessage, withoutOptimisticMessage } from "../src/index.js";
import { completed, done, message, run, said, started } from "./events.js";
import { fold, texts } from "./folding.js";

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
