import { fromJson } from "@bufbuild/protobuf";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type Widget, WidgetSchema } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import { expect, test } from "vitest";
import { WidgetView } from "../../src/index.js";
import { STREAMED } from "../../src/specimens/index.js";
import { text, ui } from "./building.js";

function shown(first: Widget) {
  const { container, rerender } = render(<WidgetView widget={first} />);
  return {
    find: (id: string) => container.querySelector(`[data-widget-id="${id}"]`),
    update: (widget: Widget) => rerender(<WidgetView widget={widget} />),
  };
}

test("the showcase's streamed widget grows in place, part by part", () => {
  const [first, ...rest] = STREAMED.map((json) => fromJson(WidgetSchema, json));
  if (!first) throw new Error("nothing is streamed");
  const { find, update } = shown(first);
  const card = find("streamed_card");
  const markdown = find("grown_markdown");
  const badge = find("state_badge");
  const texts: (string | null | undefined)[] = [];
  for (const widget of rest) {
    if (widget.component.case !== "card") {
      update(widget);
      break;
    }
    update(widget);
    texts.push(find("grown_markdown")?.textContent);
    expect(find("streamed_card")).toBe(card);
    expect(find("grown_markdown")).toBe(markdown);
    expect(find("state_badge")).toBe(badge);
  }
  expect(texts.slice(0, 3)).toEqual(["A", "A text", "A text that"]);
  expect(texts.at(-1)).toBe("A text that grows, word by word.");
  // The last value has another root: everything of it is new.
  expect(find("streamed_list")?.textContent).toContain("A text that grows, word by word.");
  expect(find("streamed_card")).toBeNull();
});

test("a text that grows fades in what is new, and keeps its element", () => {
  const value = (value: string) => ui("text", { value, streaming: true }, "grown");
  const { find, update } = shown(value("One"));
  const element = find("grown");
  update(value("One two"));
  expect(find("grown")).toBe(element);
  expect(element?.textContent).toBe("One two");
  expect(element?.querySelector(".ws-fade")?.textContent).toBe(" two");
  update(value("Another"));
  expect(element?.textContent).toBe("Another");
  expect(element?.querySelector(".ws-fade")).toBeNull();
});

test("a component is not rendered again while its message is the same object", () => {
  let reads = 0;
  const kept = text("kept", "kept_text");
  const value = kept.component.value;
  kept.component = {
    get case() {
      reads += 1;
      return "text" as const;
    },
    value,
  } as never;
  const { update } = shown(ui("card", { children: [kept, text("1", "count")] }, "card"));
  const before = reads;
  for (let count = 2; count < 10; count += 1) {
    update(ui("card", { children: [kept, text(String(count), "count")] }, "card"));
  }
  // The parent reads the case for its children's keys, once for each value; the component itself does not.
  expect(reads - before).toBeLessThanOrEqual(16);
});

const input = (defaultValue = "") => ui("input", { name: "title", defaultValue, placeholder: "Title" });

test("what was typed stays when something else changes, comes or goes", async () => {
  const user = userEvent.setup();
  const { update } = shown(ui("card", { children: [input(), text("a")] }));
  const field = screen.getByPlaceholderText<HTMLInputElement>("Title");
  await user.type(field, "Milk");
  update(ui("card", { children: [text("new, above"), input(), text("b")] }));
  update(ui("card", { children: [input()] }));
  expect(screen.getByPlaceholderText("Title")).toBe(field);
  expect(field.value).toBe("Milk");
  expect(document.activeElement).toBe(field);
});

test("what was typed survives a move to another container", async () => {
  const user = userEvent.setup();
  const { update } = shown(ui("card", { children: [input()] }));
  await user.type(screen.getByPlaceholderText("Title"), "Milk");
  update(ui("card", { children: [ui("row", { children: [input()] })] }));
  expect(screen.getByPlaceholderText<HTMLInputElement>("Title").value).toBe("Milk");
});

test("a field that nobody touched takes the server's new value, one that was changed keeps the person's", async () => {
  const user = userEvent.setup();
  const { update } = shown(ui("card", { children: [input("Milk")] }));
  const field = screen.getByPlaceholderText<HTMLInputElement>("Title");
  update(ui("card", { children: [input("Oat milk")] }));
  expect(field.value).toBe("Oat milk");
  await user.type(field, "!");
  update(ui("card", { children: [input("Soy milk")] }));
  expect(field.value).toBe("Oat milk!");
  // Once the server has what the person wrote, the field follows again.
  update(ui("card", { children: [input("Oat milk!")] }));
  update(ui("card", { children: [input("Rice milk")] }));
  expect(field.value).toBe("Rice milk");
});

test("a form that goes and comes back later begins anew", async () => {
  const user = userEvent.setup();
  const { update } = shown(ui("card", { children: [input("Milk")] }));
  await user.type(screen.getByPlaceholderText("Title"), "!!");
  update(ui("card", { children: [text("saved")] }));
  await new Promise((resolve) => setTimeout(resolve));
  update(ui("card", { children: [input("Milk")] }));
  expect(screen.getByPlaceholderText<HTMLInputElement>("Title").value).toBe("Milk");
});

test("a component is replaced by one of another kind, at the root too", () => {
  const { find, update } = shown(ui("card", { children: [text("a", "part")] }, "root"));
  update(ui("card", { children: [ui("title", { value: "b" }, "part")] }, "root"));
  expect(find("part")?.tagName).toBe("H3");
  update(ui("listView", { children: [ui("listViewItem", { children: [text("c")] })] }, "root"));
  expect(find("root")?.tagName).toBe("SECTION");
});

test("siblings of one id are both shown", () => {
  const { find } = shown(ui("card", { children: [text("a", "same"), text("b", "same")] }, "root"));
  expect(find("root")?.textContent).toBe("ab");
});
