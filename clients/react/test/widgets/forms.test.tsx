import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { InputType } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_control_pb";
import type { Widget } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import { expect, test, vi } from "vitest";
import { type ActionHandler, WidgetView } from "../../src/index.js";
import { action, deferred, payloadOf, text, ui } from "./building.js";

function shown(widget: Widget) {
  const onAction = vi.fn<ActionHandler>();
  render(<WidgetView widget={widget} onAction={onAction} />);
  return { onAction, user: userEvent.setup(), sent: (call = 0) => payloadOf(onAction.mock.calls[call]?.[0]) };
}

const save = ui("button", { label: "Save", submit: true });

function form(...children: Widget[]): Widget {
  return ui("card", { children: [ui("form", { onSubmitAction: action("save", { id: 7 }), children })] });
}

test("the values of all fields come with the action, by their names", async () => {
  const { user, sent } = shown(
    form(
      ui("input", { name: "todo.title", placeholder: "Title" }),
      ui("textarea", { name: "todo.notes", defaultValue: "two\nlines" }),
      ui("checkbox", { name: "done", label: "Done" }),
      ui("select", { name: "list", options: [{ value: "home", label: "Home" }], defaultValue: "home" }),
      ui("datePicker", { name: "due", defaultValue: "2026-02-03" }),
      ui("radioGroup", { name: "size", options: [{ value: "s", label: "Small" }] }),
      ui("text", { value: "Kind", editable: { value: { case: "field", value: { name: "kind" } } } }),
      save,
    ),
  );
  await user.type(screen.getByPlaceholderText("Title"), "Milk");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(sent()).toEqual({
    id: 7,
    todo: { title: "Milk", notes: "two\nlines" },
    done: false,
    list: "home",
    due: "2026-02-03",
    kind: "Kind",
  });
});

test("what the payload has already is kept, and names cannot reach into prototypes", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { user, sent } = shown(
    form(ui("input", { name: "id", defaultValue: "8" }), ui("input", { name: "__proto__.x", defaultValue: "1" }), save),
  );
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(sent()).toEqual({ id: 7 });
  expect(warn).toHaveBeenCalledOnce();
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test("any action inside of a form carries its values", async () => {
  const { user, sent } = shown(
    form(
      ui("input", { name: "title", defaultValue: "Milk" }),
      ui("button", { label: "Check", onClickAction: action("check") }),
    ),
  );
  await user.click(screen.getByRole("button", { name: "Check" }));
  expect(sent()).toEqual({ title: "Milk" });
});

test("a form with a wrong field is not sent: it says what is wrong, and goes there", async () => {
  const { user, onAction } = shown(
    form(
      ui("input", { name: "title", placeholder: "Title", required: true }),
      ui("textarea", { name: "code", placeholder: "Code", pattern: "[0-9]+", defaultValue: "abc" }),
      ui("checkbox", { name: "agree", label: "Agree", required: true }),
      save,
    ),
  );
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(onAction).not.toHaveBeenCalled();
  const title = screen.getByPlaceholderText("Title");
  expect(document.activeElement).toBe(title);
  expect(title.getAttribute("aria-invalid")).toBe("true");
  const message = document.getElementById(title.getAttribute("aria-describedby") ?? "");
  expect(message?.textContent).not.toBe("");
  expect(screen.getAllByRole("alert")).toHaveLength(3);
  await user.type(title, "Milk");
  expect(title.getAttribute("aria-invalid")).toBeNull();
  await user.clear(screen.getByPlaceholderText("Code"));
  await user.type(screen.getByPlaceholderText("Code"), "42");
  await user.click(screen.getByRole("checkbox", { name: "Agree" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(onAction).toHaveBeenCalledOnce();
});

test("a submit button is busy while its form is", async () => {
  const work = deferred();
  const { user, onAction } = shown(form(ui("input", { name: "a" }), save));
  onAction.mockReturnValue(work.promise);
  const button = screen.getByRole("button", { name: "Save" });
  await user.click(button);
  expect(button.getAttribute("aria-busy")).toBe("true");
  await user.click(button);
  expect(onAction).toHaveBeenCalledOnce();
  await act(async () => work.resolve());
  expect(button.getAttribute("aria-busy")).toBeNull();
});

test("Enter in a field submits", async () => {
  const { user, onAction } = shown(form(ui("input", { name: "a", placeholder: "A", inputType: InputType.TEXT }), save));
  await user.type(screen.getByPlaceholderText("A"), "x{Enter}");
  expect(onAction).toHaveBeenCalledOnce();
});

test("a card is a form: confirm is checked, cancel is not, and both carry the values", async () => {
  const { user, onAction, sent } = shown(
    ui("card", {
      asForm: true,
      children: [ui("input", { name: "title", placeholder: "Title", required: true })],
      confirm: { label: "Save", action: action("save", { id: 1 }) },
      cancel: { label: "Cancel", action: action("cancel", { id: 1 }) },
    }),
  );
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(onAction).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(sent(0)).toEqual({ id: 1, title: "" });
  await user.type(screen.getByPlaceholderText("Title"), "Milk");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(onAction.mock.calls[1]?.[0].type).toBe("save");
  expect(sent(1)).toEqual({ id: 1, title: "Milk" });
});

test("a form inside of a card that is one is a form of its own", async () => {
  const { user, onAction, sent } = shown(
    ui("card", {
      asForm: true,
      children: [
        ui("form", {
          onSubmitAction: action("inner"),
          children: [ui("input", { name: "a", defaultValue: "1" }), save],
        }),
      ],
      confirm: { label: "Confirm", action: action("outer") },
    }),
  );
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(onAction.mock.calls.map(([{ type }]) => type)).toEqual(["inner"]);
  expect(sent()).toEqual({ a: "1" });
});

test("a collapsed card shows its status alone", () => {
  shown(
    ui("card", {
      collapsed: true,
      status: { text: "Saved", icon: "check" },
      children: [text("body")],
      confirm: { label: "Save", action: action("save") },
    }),
  );
  expect(screen.getByText("Saved")).toBeTruthy();
  expect(screen.queryByText("body") ?? screen.queryByRole("button")).toBeNull();
});

test("a label names its field, and a click on it goes there", async () => {
  const { user } = shown(
    ui("card", {
      children: [
        ui("label", { value: "What", fieldName: "title" }),
        ui("input", { name: "title" }),
        ui("label", { value: "When", fieldName: "due" }),
        ui("datePicker", { name: "due", defaultValue: "2026-02-03" }),
        ui("label", { value: "Where", fieldName: "list" }),
        ui("select", { name: "list", options: [{ value: "h", label: "Home" }], defaultValue: "h" }),
      ],
    }),
  );
  await user.click(screen.getByText("What"));
  expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "What" }));
  expect(screen.getByRole("combobox", { name: "Where Home" })).toBeTruthy();
  expect(screen.getByRole("button", { name: /When Feb/ })).toBeTruthy();
});
