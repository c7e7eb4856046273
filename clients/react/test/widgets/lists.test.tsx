import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { Widget } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import { expect, test } from "vitest";
import { WidgetView } from "../../src/index.js";
import { action, text, ui } from "./building.js";

function list(count: number, limit?: number | "auto"): Widget {
  const rows = Array.from({ length: count }, (_, n) =>
    ui("listViewItem", { children: [text(`Row ${n + 1}`)], onClickAction: action("open", { n }) }, `row_${n}`),
  );
  const value =
    typeof limit === "number" ? { case: "count" as const, value: limit } : { case: "mode" as const, value: "auto" };
  return ui("listView", { children: rows, limit: limit === undefined ? undefined : { value } }, "list");
}

test.each([
  [3, 2],
  ["auto", 4],
] as const)("a limit of %s hides %d of ten or so, until they are asked for", async (limit, hidden) => {
  const count = limit === 3 ? 5 : 10;
  render(<WidgetView widget={list(count, limit)} />);
  expect(screen.getAllByRole("listitem")).toHaveLength(count - hidden);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: `Show ${hidden} more` }));
  expect(screen.getAllByRole("listitem")).toHaveLength(count);
  // The focus is on the first row that came, not lost with the button.
  expect(document.activeElement?.closest("li")?.textContent).toBe(`Row ${count - hidden + 1}`);
});

test("a long list: some rows at once, all in the end", async () => {
  const { container } = render(<WidgetView widget={list(400)} />);
  const first = container.querySelectorAll("li").length;
  expect(first).toBeLessThanOrEqual(300);
  await waitFor(() => expect(container.querySelectorAll("li")).toHaveLength(400), { timeout: 25_000 });
});
