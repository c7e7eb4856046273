import { render } from "@testing-library/react";
import type { Widget } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import { Alignment, Justification, Theme } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import {
  Direction,
  FontWeight,
  Radius,
  TextAlign,
} from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_style_pb";
import { expect, test } from "vitest";
import { ThemeProvider, WidgetView } from "../../src/index.js";
import { border } from "../../src/widgets/style/border.js";
import { cssColor } from "../../src/widgets/style/color.js";
import { sides } from "../../src/widgets/style/insets.js";
import { schemeAttributes } from "../../src/widgets/style/scheme.js";
import { ui } from "./building.js";

const num = (value: number) => ({ value: { case: "number" as const, value } });
const css = (value: string) => ({ value: { case: "text" as const, value } });
const color = (value: string) => ({ value: { case: "name" as const, value } });

function styleOf(widget: Widget): CSSStyleDeclaration {
  const { container } = render(<WidgetView widget={widget} />);
  return (container.querySelector(".ws-widget > *") as HTMLElement).style;
}

test("a box has the layout that it asks for", () => {
  const style = styleOf(
    ui("box", {
      direction: Direction.ROW,
      align: Alignment.CENTER,
      justify: Justification.BETWEEN,
      gap: num(2),
      padding: { value: { case: "number", value: 3 } },
      size: num(80),
      maxWidth: css("40rem"),
      radius: Radius.RADIUS_XL,
      flex: num(1),
    }),
  );
  expect(style.flexDirection).toBe("row");
  expect(style.alignItems).toBe("center");
  expect(style.justifyContent).toBe("space-between");
  expect(style.gap).toBe("calc(var(--ws-spacing) * 2)");
  expect(style.padding).toBe("calc(var(--ws-spacing) * 3)");
  expect([style.width, style.height, style.maxWidth]).toEqual(["80px", "80px", "40rem"]);
  expect(style.borderRadius).toBe("var(--ws-radius-xl)");
});

test("a text has the letters that it asks for", () => {
  const style = styleOf(
    ui("text", {
      value: "x",
      italic: true,
      lineThrough: true,
      weight: FontWeight.BOLD,
      textAlign: TextAlign.END,
      color: color("danger"),
      minLines: 2,
      width: num(50),
    }),
  );
  expect(style.fontStyle).toBe("italic");
  expect(style.fontWeight).toBe("700");
  expect(style.textAlign).toBe("end");
  expect(style.color).toBe("var(--ws-text-danger)");
  expect(style.width).toBe("50px");
});

test.each([
  ["secondary", "text", "var(--ws-text-secondary)"],
  ["surface-tertiary", "surface", "var(--ws-surface-tertiary)"],
  ["subtle", "border", "var(--ws-border-subtle)"],
  ["purple", "chart", "var(--ws-chart-purple)"],
  ["red-100", "surface", "var(--ws-red-100)"],
  ["gray-100", "surface", "var(--ws-adaptive-gray-100)"],
  ["#123456", "text", "#123456"],
  ["url(x)", "surface", undefined],
] as const)("the colour %s of a %s", (name, role, expected) => {
  const widget = ui("icon", { name: "dot", color: color(name) });
  expect(widget.component.case === "icon" && cssColor(widget.component.value.color, role)).toBe(expected);
});

test("a colour for each theme is chosen by the theme around it", () => {
  const widget = ui("icon", {
    name: "dot",
    color: { value: { case: "theme", value: { light: "gray-100", dark: "#000" } } },
  });
  expect(widget.component.case === "icon" && cssColor(widget.component.value.color, "text")).toBe(
    "light-dark(var(--ws-gray-100), #000)",
  );
});

test("left and right are those of the reading direction", () => {
  const cell = ui("tableCell", { padding: { left: num(1), x: num(2), y: css("3px") } });
  expect(cell.component.case === "tableCell" && sides("padding", cell.component.value.padding)).toEqual({
    paddingBlockStart: "3px",
    paddingBlockEnd: "3px",
    paddingInlineStart: "calc(var(--ws-spacing) * 1)",
    paddingInlineEnd: "calc(var(--ws-spacing) * 2)",
  });
});

test("borders are written in all ways", () => {
  const box = ui("box", {
    border: {
      value: {
        case: "edges",
        value: { top: { value: { case: "size", value: 1 } }, x: { value: { case: "size", value: 2 } } },
      },
    },
  });
  expect(box.component.case === "box" && border(box.component.value.border)).toEqual({
    borderBlockStart: "1px solid var(--ws-border-default)",
    borderInlineStart: "2px solid var(--ws-border-default)",
    borderInlineEnd: "2px solid var(--ws-border-default)",
  });
});

test.each([
  ["red-100", "light"],
  ["blue-900", "dark"],
  ["#ffffff", "light"],
  ["#123", "dark"],
  ["surface", undefined],
  ["gray-100", undefined],
])("text on %s is that of the %s theme", (name, expected) => {
  const box = ui("box", { background: color(name) });
  expect(box.component.case === "box" && schemeAttributes(box.component.value.background)["data-theme"]).toBe(expected);
});

test("a card forces its theme on what it holds", () => {
  const { container } = render(
    <ThemeProvider
      theme={{
        colorScheme: "light",
        radius: "soft",
        density: "compact",
        color: { accent: { primary: "#06f", level: 1 } },
      }}
    >
      <WidgetView widget={ui("card", { theme: Theme.DARK, children: [] })} direction="rtl" />
    </ThemeProvider>,
  );
  const theme = container.querySelector<HTMLElement>(".ws-theme");
  expect(theme?.dataset).toMatchObject({ theme: "light", radius: "soft", density: "compact" });
  expect(theme?.style.getPropertyValue("--ws-option-accent")).toBe("#06f");
  expect(container.querySelector<HTMLElement>(".ws-card")?.dataset.theme).toBe("dark");
  expect(container.querySelector(".ws-widget")?.getAttribute("dir")).toBe("rtl");
});
