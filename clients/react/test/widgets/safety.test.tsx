import { create, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { render, waitFor } from "@testing-library/react";
import { WidgetSchema } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import { describe, expect, test } from "vitest";
import { safeImage, safeLink, WidgetView } from "../../src/index.js";
import { SPECIMENS } from "../../src/specimens/index.js";
import { safeCss } from "../../src/widgets/style/css.js";
import { text, ui } from "./building.js";

const ATTACKS = [
  "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>",
  "[click](javascript:window.hacked=1) ![x](https://evil.example/x.png)",
  "javascript:window.hacked=1",
  "red; background: url(https://evil.example/x.png)",
  "url(https://evil.example/x.png)",
];

// A literal of an enum stands for a number: another string would not be read at all.
const ENUM = /^[A-Z]+(_[A-Z0-9]+)+$/;

function withStrings(json: JsonValue, attack: string, key = ""): JsonValue {
  if (typeof json === "string") return ENUM.test(json) || key === "id" || key === "key" ? json : attack;
  if (Array.isArray(json)) return json.map((part) => withStrings(part, attack));
  if (json === null || typeof json !== "object") return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, withStrings(value as JsonValue, attack, name)]),
  );
}

describe.each(ATTACKS)("with %s in every string", (attack) => {
  test("every component is shown, and nothing of it runs or loads", async () => {
    const widgets = SPECIMENS.map(({ widget }) => fromJson(WidgetSchema, withStrings(widget, attack)));
    const { container } = render(
      widgets.map((widget, index) => <WidgetView key={SPECIMENS[index]?.name} widget={widget} />),
    );
    await waitFor(() => expect(container.querySelector(".ws-chart__loading")).toBeNull());
    expect(container.querySelectorAll("script, iframe, object, embed")).toHaveLength(0);
    expect(
      container.querySelectorAll('[src^="https://evil"], [style*="evil"], [style*="url("], [href^="javascript"]'),
    ).toHaveLength(0);
    const handlers = [...container.querySelectorAll("*")].flatMap((element) =>
      element.getAttributeNames().filter((name) => name.startsWith("on")),
    );
    expect(handlers).toEqual([]);
    expect((window as unknown as Record<string, unknown>).hacked).toBeUndefined();
  });
});

test.each([
  ["https://example.com/a", true],
  ["http://example.com", true],
  ["mailto:ada@example.com", true],
  ["javascript:alert(1)", false],
  [" java\nscript:alert(1)", false],
  ["data:text/html,<script>", false],
  ["vbscript:x", false],
  ["/relative", false],
  ["//example.com", true],
  ["", false],
])("a link to %j is followed: %s", (href, followed) => {
  expect(safeLink(href) !== undefined).toBe(followed);
});

test.each([
  ["data:image/png;base64,AAAA", [], true],
  ["data:image/svg+xml;base64,AAAA", [], true],
  ["data:text/html,x", [], false],
  [`${location.origin}/a.png`, [], true],
  ["/a.png", [], true],
  ["https://example.com/a.png", [], false],
  ["https://example.com/a.png", ["example.com"], true],
  ["http://example.com/a.png", ["example.com"], false],
  ["https://img.example.com/a.png", ["example.com"], false],
  ["https://img.example.com/a.png", ["*.example.com"], true],
  ["https://example.com.evil.example/a.png", ["example.com", "*.example.com"], false],
  ["https://example.com@evil.example/a.png", ["example.com"], false],
  ["https://user:pass@example.com/a.png", ["example.com"], false],
  ["http://localhost:9000/a.png", ["http://localhost:9000"], true],
  ["javascript:alert(1)", ["*"], false],
])("an image from %j with %j is loaded: %s", (src, domains, loaded) => {
  expect(safeImage(src, domains) !== undefined).toBe(loaded);
});

test("an image from elsewhere is its description", () => {
  const { container } = render(
    <WidgetView widget={ui("image", { src: "https://evil.example/x.png", alt: "A cat" })} />,
  );
  expect(container.querySelector("img")).toBeNull();
  expect(container.querySelector('[role="img"]')?.getAttribute("aria-label")).toBe("A cat");
});

test.each([
  ["#fff", true],
  ["calc(100% - 2rem)", true],
  ["linear-gradient(90deg, red, blue)", true],
  ["16/9", true],
  ["url(x)", false],
  ["URL (x)", false],
  ["image-set('x' 1x)", false],
  ["red;color:blue", false],
  ["\\75rl(x)", false],
  ["var(--secret)", false],
  ["x".repeat(300), false],
])("the CSS value %j is used: %s", (value, used) => {
  expect(safeCss(value) !== undefined).toBe(used);
});

test("what is not known is a quiet placeholder, or nothing", () => {
  const unknown = ui("unknown", { type: "Map", properties: { center: [1, 2] } });
  const { container } = render(
    <WidgetView widget={ui("card", { children: [unknown, create(WidgetSchema), text("after")] })} />,
  );
  expect(container.textContent).toBe("“Map” cannot be shown hereafter");
});
