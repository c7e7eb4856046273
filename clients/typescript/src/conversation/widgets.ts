import type { WidgetTextDelta } from "../gen/widgetstream/chatkit/v1/item_pb.js";
import type { Widget } from "../gen/widgetstream/chatkit/v1/widget_pb.js";
import { share } from "./share.js";

/** Returns the children of a component, in order. */
export function childrenOf(widget: Widget): readonly Widget[] {
  const children = (widget.component.value as { children?: Widget | Widget[] } | undefined)?.children;
  if (children === undefined) return [];
  return Array.isArray(children) ? children : [children];
}

/** Returns the first component of a tree with an id. */
export function findComponent(root: Widget, id: string): Widget | undefined {
  if (root.id === id) return root;
  for (const child of childrenOf(root)) {
    const found = findComponent(child, id);
    if (found) return found;
  }
  return undefined;
}

/** Appends text to a `Text` or `Markdown` of a tree. Undefined: the tree has none of this id. */
export function appendText(root: Widget, { componentId, delta, done }: WidgetTextDelta): Widget | undefined {
  return replace(root, componentId, (widget) => {
    const { component } = widget;
    if (component.case !== "text" && component.case !== "markdown") return undefined;
    const text = component.value;
    const isStreaming = text.streaming && !done;
    if (delta === "" && isStreaming === text.streaming) return widget;
    // A component that never said that it streams does not say so afterwards.
    const streaming = text.streaming ? isStreaming : text.streaming;
    const value = { ...text, value: text.value + delta, ...(streaming === undefined ? undefined : { streaming }) };
    return { ...widget, component: { case: component.case, value } as Widget["component"] };
  });
}

/** Replaces a component of a tree, with all that is below it. Undefined: the tree has none of this id. */
export function replaceComponent(root: Widget, id: string, component: Widget): Widget | undefined {
  return component.id === id ? replace(root, id, (before) => share(before, component)) : undefined;
}

/** Changes the first component with an id, and makes anew what leads to it, and nothing else. */
function replace(widget: Widget, id: string, change: (found: Widget) => Widget | undefined): Widget | undefined {
  if (!id) return undefined;
  if (widget.id === id) return change(widget);
  const { component } = widget;
  const value = component.value as { children?: Widget | Widget[] } | undefined;
  const children = value?.children;
  if (children === undefined) return undefined;
  if (!Array.isArray(children)) {
    const child = replace(children, id, change);
    return child && withChildren(widget, children, child);
  }
  for (const [index, before] of children.entries()) {
    const child = replace(before, id, change);
    if (child) return child === before ? widget : withChildren(widget, children, children.with(index, child));
  }
  return undefined;
}

function withChildren(widget: Widget, before: Widget | Widget[], children: Widget | Widget[]): Widget {
  if (children === before) return widget;
  const value = { ...widget.component.value, children };
  return { ...widget, component: { case: widget.component.case, value } as Widget["component"] };
}
