import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type Widget, WidgetSchema } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";

type Component = NonNullable<MessageInitShape<typeof WidgetSchema>["component"]>;

function ui(id: string, component: Component): Widget {
  return create(WidgetSchema, { id, component });
}

function row(number: number): Widget {
  return ui(`row_${number}`, {
    case: "row",
    value: {
      children: [
        ui(`icon_${number}`, { case: "icon", value: { name: "check-circle" } }),
        ui(`text_${number}`, { case: "text", value: { value: `Row ${number}` } }),
        ui(`badge_${number}`, { case: "badge", value: { label: "0" } }),
        ui(`button_${number}`, { case: "button", value: { label: "Do" } }),
      ],
    },
  });
}

/** A card of 302 components: sixty rows of five, a field, and the card. */
export function largeWidget(): Widget {
  const field = ui("field", { case: "input", value: { name: "field", placeholder: "Type here" } });
  const rows = Array.from({ length: 60 }, (_, number) => row(number));
  return ui("card", { case: "card", value: { children: [field, ...rows] } });
}

/** Returns the widget with another number in one row's badge; all else is the same objects, as a fold leaves them. */
export function withCount(widget: Widget, number: number, count: number): Widget {
  if (widget.component.case !== "card") throw new Error("not the card");
  const children = widget.component.value.children.map((child) => {
    if (child.id !== `row_${number}` || child.component.case !== "row") return child;
    const badge = ui(`badge_${number}`, { case: "badge", value: { label: String(count) } });
    const parts = child.component.value.children.map((part) => (part.id === badge.id ? badge : part));
    return { ...child, component: { case: "row" as const, value: { ...child.component.value, children: parts } } };
  });
  return { ...widget, component: { case: "card", value: { ...widget.component.value, children } } };
}

/** A list of so many rows, each with an icon, a text and a badge. */
export function longList(count: number): Widget {
  return ui("list", {
    case: "listView",
    value: {
      children: Array.from({ length: count }, (_, number) =>
        ui(`item_${number}`, { case: "listViewItem", value: { children: [row(number)] } }),
      ),
    },
  });
}
