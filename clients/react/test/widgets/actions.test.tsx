import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { ActionHandler as Handler, LoadingBehavior } from "@widgetstream/client/gen/widgetstream/chatkit/v1/action_pb";
import type { Widget } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import { describe, expect, test, vi } from "vitest";
import { type ActionHandler, WidgetView, type WidgetViewProps } from "../../src/index.js";
import { reported } from "../setup.js";
import { action, deferred, payloadOf, text, ui } from "./building.js";

function shown(widget: Widget, props: Omit<WidgetViewProps, "widget"> = {}) {
  const onAction = vi.fn<ActionHandler>();
  const view = (more: Omit<WidgetViewProps, "widget">) => (
    <WidgetView widget={widget} itemId="wid_1" onAction={onAction} {...props} {...more} />
  );
  const { container, rerender } = render(view({}));
  return {
    onAction,
    user: userEvent.setup(),
    root: container.firstElementChild as HTMLElement,
    set: (more: Omit<WidgetViewProps, "widget">) => rerender(view(more)),
    sent: (call = 0) => payloadOf(onAction.mock.calls[call]?.[0]),
  };
}

const button = (config = action("go", { n: 1 })) => ui("button", { label: "Go", onClickAction: config });

test("a click sends the action with its payload, and says where it comes from", async () => {
  const { user, onAction, sent } = shown(button());
  await user.click(screen.getByRole("button", { name: "Go" }));
  expect(onAction).toHaveBeenCalledOnce();
  expect(onAction.mock.calls[0]?.[0].type).toBe("go");
  expect(sent()).toEqual({ n: 1 });
  expect(onAction.mock.calls[0]?.[1]).toEqual({
    itemId: "wid_1",
    handler: "server",
    loadingBehavior: "auto",
    streaming: true,
  });
});

test("an action says who handles it, and whether it starts a run", async () => {
  const { user, onAction } = shown(button(action("go", undefined, { handler: Handler.CLIENT, streaming: false })));
  await user.click(screen.getByRole("button", { name: "Go" }));
  expect(onAction.mock.calls[0]?.[1]).toMatchObject({ handler: "client", streaming: false });
});

describe("while an action is under way", () => {
  test("its button is busy, keeps its focus, and cannot send it twice", async () => {
    const work = deferred();
    const { user, onAction } = shown(button());
    onAction.mockReturnValue(work.promise);
    const element = screen.getByRole("button", { name: "Go" });
    await user.click(element);
    expect(element.getAttribute("aria-busy")).toBe("true");
    await user.click(element);
    expect(onAction).toHaveBeenCalledOnce();
    expect(document.activeElement).toBe(element);
    await act(async () => work.resolve());
    expect(element.getAttribute("aria-busy")).toBeNull();
    await user.click(element);
    expect(onAction).toHaveBeenCalledTimes(2);
  });

  test("the whole widget is inert where the action asks for that, and the focus comes back", async () => {
    const work = deferred();
    const { user, onAction, root } = shown(button(action("go", {}, { loadingBehavior: LoadingBehavior.CONTAINER })));
    onAction.mockReturnValue(work.promise);
    const element = screen.getByRole("button", { name: "Go" });
    await user.click(element);
    expect(root.hasAttribute("inert")).toBe(true);
    expect(root.getAttribute("aria-busy")).toBe("true");
    // What a browser does to the focus inside of what becomes inert.
    element.blur();
    await act(async () => work.resolve());
    await waitFor(() => expect(document.activeElement).toBe(element));
    expect(root.hasAttribute("inert")).toBe(false);
  });

  test("nothing shows it where the action asks for nothing", async () => {
    const { user, onAction, root } = shown(button(action("go", {}, { loadingBehavior: LoadingBehavior.NONE })));
    onAction.mockReturnValue(deferred().promise);
    const element = screen.getByRole("button", { name: "Go" });
    await user.click(element);
    await user.click(element);
    expect(onAction).toHaveBeenCalledTimes(2);
    expect(element.getAttribute("aria-busy") ?? root.getAttribute("aria-busy")).toBeNull();
  });

  test.each([
    ["rejects", () => Promise.reject(new Error("refused"))],
    [
      "throws",
      () => {
        throw new Error("refused");
      },
    ],
  ])("a handler that %s ends it", async (_, fail) => {
    const { user, onAction } = shown(button());
    onAction.mockImplementation(fail);
    const element = screen.getByRole("button", { name: "Go" });
    await user.click(element);
    expect(element.getAttribute("aria-busy")).toBeNull();
    expect(reported()).toHaveLength(1);
  });
});

describe("while an answer streams", () => {
  const streaming = { streaming: true };

  test("what would start another run waits", async () => {
    const { user, onAction, set } = shown(button(), streaming);
    const element = screen.getByRole("button", { name: "Go" });
    expect(element.getAttribute("aria-disabled")).toBe("true");
    await user.click(element);
    expect(onAction).not.toHaveBeenCalled();
    set({ streaming: false });
    await user.click(element);
    expect(onAction).toHaveBeenCalledOnce();
  });

  test.each([
    ["answered at once", { streaming: false }],
    ["the page's own", { handler: Handler.CLIENT }],
  ])("an action that is %s works", async (_, config) => {
    const { user, onAction } = shown(button(action("go", {}, config)), streaming);
    await user.click(screen.getByRole("button", { name: "Go" }));
    expect(onAction).toHaveBeenCalledOnce();
  });
});

test("nothing can be used in a widget that is disabled", async () => {
  const { user, onAction } = shown(
    ui("card", {
      children: [
        button(),
        ui("input", { name: "a" }),
        ui("checkbox", { name: "b", label: "B" }),
        ui("select", { name: "c", options: [{ value: "1", label: "One" }] }),
        ui("datePicker", { name: "d" }),
      ],
    }),
    { disabled: true },
  );
  await user.click(screen.getByRole("button", { name: "Go" }));
  expect(onAction).not.toHaveBeenCalled();
  expect([...document.querySelectorAll("button, input")].every((element) => element.matches(":disabled"))).toBe(true);
});

test("a row's action and that of a button in it are two", async () => {
  const row = ui("listViewItem", {
    onClickAction: action("open", { id: 7 }),
    children: [text("Buy milk"), button(action("done"))],
  });
  const { user, onAction } = shown(ui("listView", { children: [row] }));
  await user.click(screen.getByRole("button", { name: "Go" }));
  expect(onAction.mock.calls.map(([{ type }]) => type)).toEqual(["done"]);
  await user.click(screen.getByRole("button", { name: /Buy milk/ }));
  expect(onAction.mock.calls.map(([{ type }]) => type)).toEqual(["done", "open"]);
});

test("a control's own action carries its new value", async () => {
  const { user, sent } = shown(
    ui("card", {
      children: [
        ui("checkbox", { name: "done", label: "Done", onChangeAction: action("toggle", { id: 1 }) }),
        ui("radioGroup", {
          name: "size",
          options: [
            { value: "s", label: "Small" },
            { value: "l", label: "Large" },
          ],
          onChangeAction: action("size"),
        }),
      ],
    }),
  );
  await user.click(screen.getByRole("checkbox", { name: "Done" }));
  await user.click(screen.getByRole("radio", { name: "Large" }));
  expect(sent(0)).toEqual({ id: 1, done: true });
  expect(sent(1)).toEqual({ size: "l" });
});

test("a card's buttons send their actions, and hold the whole card", async () => {
  const work = deferred();
  const { user, onAction, root } = shown(
    ui("card", {
      children: [text("Delete?")],
      confirm: { label: "Delete", action: action("delete", { id: 1 }) },
      cancel: { label: "Keep", action: action("keep") },
    }),
  );
  onAction.mockReturnValue(work.promise);
  await user.click(screen.getByRole("button", { name: "Delete" }));
  expect(onAction.mock.calls[0]?.[0].type).toBe("delete");
  expect(root.hasAttribute("inert")).toBe(true);
  await act(async () => work.resolve());
});
