import { describe, expect, test } from "vitest";
import { type ThreadState, type WidgetEvent, withItem } from "../src/index.js";
import { added, done, made, message, removed, run, started, text, updated } from "./events.js";
import { fold, texts } from "./folding.js";

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
