import type { Widget } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import { type ComponentType, memo } from "react";
import { siblingKeys } from "./keys.js";
import { REGISTRY } from "./registry.js";

/**
 * One component of a widget, with its children. Renders when the message is another object than before: those who fold
 * updates keep the messages that did not change.
 */
export const WidgetNode = memo(function WidgetNode({ widget }: { widget: Widget }) {
  const { component } = widget;
  if (component.case === undefined) return null;
  // Case and message belong together, which the type of a union of pairs cannot say.
  const Component = REGISTRY[component.case] as unknown as
    | ComponentType<{ value: unknown; widget: Widget }>
    | undefined;
  return Component ? <Component value={component.value} widget={widget} /> : null;
});

/** The components that stand in a container. */
export function WidgetChildren({ of }: { of: readonly Widget[] }) {
  const keys = siblingKeys(of);
  return of.map((child, index) => <WidgetNode key={keys[index]} widget={child} />);
}

/** Returns the attributes that name a component on the page. */
export function named(widget: Widget): { "data-widget-id": string | undefined } {
  return { "data-widget-id": widget.id };
}
