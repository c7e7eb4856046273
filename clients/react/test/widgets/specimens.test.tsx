import { fromJson } from "@bufbuild/protobuf";
import { render, screen, waitFor } from "@testing-library/react";
import { BuiltInIconSchema } from "@widgetstream/client/gen/widgetstream/chatkit/v1/icon_pb";
import { WidgetSchema } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import axe from "axe-core";
import { describe, expect, test } from "vitest";
import { isBuiltInIcon, ThemeProvider, WidgetView } from "../../src/index.js";
import { SPECIMENS, Specimens } from "../../src/specimens/index.js";
import { REGISTRY } from "../../src/widgets/registry.js";

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

test("there is a specimen of each component", () => {
  expect(SPECIMENS.map(({ name }) => name).sort()).toEqual(Object.keys(REGISTRY).map(snake).sort());
});

test("each icon that every frontend has can be drawn", () => {
  const names = BuiltInIconSchema.values
    .filter(({ number }) => number !== 0)
    .map(({ name }) => name.replace("BUILT_IN_ICON_", "").toLowerCase().replaceAll("_", "-"));
  expect(names.filter((name) => !isBuiltInIcon(name))).toEqual([]);
});

describe.each(SPECIMENS.map((specimen) => [specimen.name, specimen] as const))("%s", (_, specimen) => {
  test("is shown, and has no accessibility violations", async () => {
    const { container } = render(
      <main>
        <h1>Specimen</h1>
        <ThemeProvider theme="light">
          <WidgetView widget={fromJson(WidgetSchema, specimen.widget)} />
        </ThemeProvider>
      </main>,
    );
    await waitFor(() => expect(container.querySelector(".ws-chart__loading")).toBeNull());
    expect(container.querySelector(".ws-widget")?.firstElementChild).not.toBeNull();
    // Contrast needs a layout, and headings a page: both are checked in a browser.
    const { violations } = await axe.run(container, {
      rules: { "color-contrast": { enabled: false }, "heading-order": { enabled: false }, region: { enabled: false } },
    });
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});

test("the page shows each component in both themes beside its JSON", async () => {
  const { container } = render(<Specimens />);
  await waitFor(() => expect(container.querySelector(".ws-chart__loading")).toBeNull());
  expect(screen.getByRole("heading", { name: "ListViewItem" })).toBeTruthy();
  const section = container.querySelector("#divider");
  const sides = [...(section?.querySelectorAll(".ws-theme") ?? [])].map((side) => side.getAttribute("data-theme"));
  expect(sides).toEqual(["light", "dark"]);
  expect(section?.querySelector("pre")?.textContent).toContain('"type": "Divider"');
});
