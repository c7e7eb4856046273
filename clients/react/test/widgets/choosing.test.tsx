import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { Widget } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import { describe, expect, test, vi } from "vitest";
import { type ActionHandler, WidgetView } from "../../src/index.js";
import { action, payloadOf, ui } from "./building.js";

function shown(widget: Widget, locale = "en-US") {
  const onAction = vi.fn<ActionHandler>();
  render(<WidgetView widget={ui("card", { children: [widget] })} onAction={onAction} locale={locale} />);
  return {
    user: userEvent.setup(),
    sent: () => onAction.mock.calls.map(([one]) => payloadOf(one)),
  };
}

const options = [
  { value: "home", label: "Home", description: "At home" },
  { value: "moon", label: "Moon", disabled: true },
  { value: "work", label: "Work" },
];

describe("a select", () => {
  const select = (more: object = {}) =>
    ui("select", { name: "list", options, onChangeAction: action("chosen"), placeholder: "Which?", ...more });

  test("is used by keyboard: it opens, skips what is disabled, chooses, and gives the focus back", async () => {
    const { user, sent } = shown(select());
    await user.tab();
    const trigger = screen.getByRole("combobox", { name: "Which?" });
    expect(document.activeElement).toBe(trigger);
    await user.keyboard("{ArrowDown}");
    expect(trigger.getAttribute("aria-expanded")).toBe("true");
    await user.keyboard("{ArrowDown}{Enter}");
    expect(sent()).toEqual([{ list: "work" }]);
    expect(screen.queryByRole("listbox")).toBeNull();
    expect(document.activeElement).toBe(trigger);
    expect(trigger.textContent).toBe("Work");
  });

  test("finds an option by its first letters", async () => {
    const { user, sent } = shown(select());
    await user.tab();
    await user.keyboard("w{Enter}");
    expect(sent()).toEqual([{ list: "work" }]);
  });

  test("closes by Escape and by a click elsewhere, without a choice", async () => {
    const { user, sent } = shown(select());
    await user.click(screen.getByRole("combobox"));
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("listbox")).toBeNull();
    await user.click(screen.getByRole("combobox"));
    await user.click(document.body);
    expect(screen.queryByRole("listbox")).toBeNull();
    expect(sent()).toEqual([]);
  });

  test("a disabled option cannot be chosen", async () => {
    const { user, sent } = shown(select());
    await user.click(screen.getByRole("combobox"));
    await user.click(screen.getByRole("option", { name: "Moon" }));
    expect(sent()).toEqual([]);
  });

  test("is searched where it is long, in descriptions too", async () => {
    const many = Array.from({ length: 20 }, (_, n) => ({
      value: `${n}`,
      label: `Option ${n}`,
      description: `No ${n}`,
    }));
    const { user, sent } = shown(select({ options: many }));
    await user.click(screen.getByRole("combobox"));
    await user.keyboard("no 17");
    expect(screen.getAllByRole("option")).toHaveLength(1);
    await user.keyboard("{Enter}");
    expect(sent()).toEqual([{ list: "17" }]);
  });

  test("is cleared where that is allowed", async () => {
    const { user, sent } = shown(select({ clearable: true, defaultValue: "home" }));
    await user.click(screen.getByRole("button", { name: "Clear" }));
    expect(sent()).toEqual([{ list: "" }]);
    expect(screen.getByRole("combobox").textContent).toBe("Which?");
  });
});

describe("a date picker", () => {
  const picker = (more: object = {}) =>
    ui("datePicker", { name: "due", defaultValue: "2026-02-03", onChangeAction: action("picked"), ...more });

  test("is used by keyboard: days, weeks, months", async () => {
    const { user, sent } = shown(picker());
    await user.tab();
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement?.getAttribute("data-day")).toBe("2026-02-03");
    await user.keyboard("{ArrowRight}{ArrowDown}{PageDown}");
    expect(document.activeElement?.getAttribute("data-day")).toBe("2026-03-11");
    await user.keyboard("{Enter}");
    expect(sent()).toEqual([{ due: "2026-03-11" }]);
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("keeps to its bounds", async () => {
    const { user } = shown(picker({ min: "2026-02-02", max: "2026-02-10" }));
    await user.click(screen.getByRole("button", { name: /Feb 3/ }));
    await user.keyboard("{PageUp}");
    expect(document.activeElement?.getAttribute("data-day")).toBe("2026-02-02");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Next month" }).disabled).toBe(true);
    expect(document.querySelectorAll("[data-day]:disabled")).toHaveLength(19);
  });

  test("keeps the time of day that came with the date", async () => {
    const { user, sent } = shown(picker({ defaultValue: "2026-02-03T10:30:00Z" }));
    await user.click(screen.getByRole("button", { name: /Feb 3/ }));
    await user.click(document.querySelector('[data-day="2026-02-05"]') as Element);
    expect(sent()).toEqual([{ due: "2026-02-05T10:30:00Z" }]);
  });

  test("speaks the person's language, and begins weeks as they do", async () => {
    const { user } = shown(picker(), "de-DE");
    await user.click(screen.getByRole("button", { name: /03\.02\.2026/ }));
    expect(screen.getByText("Februar 2026")).toBeTruthy();
    expect(document.querySelector("th")?.getAttribute("abbr")).toBe("Montag");
  });
});
