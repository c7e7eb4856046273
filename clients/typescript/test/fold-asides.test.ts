import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { dismissNotice, EMPTY_THREAD_STATE, NoticeLevel, takeEffects, WidgetEventSchema } from "../src/index.js";
import { added, completed, done, message, run, said, started } from "./events.js";
import { fold } from "./folding.js";

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
