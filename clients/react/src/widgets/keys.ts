import type { Widget } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import { uniqueKeys } from "../controls/uniqueKeys.js";

/**
 * Returns React keys for siblings, so that a component stays the same one from one value of the tree to the next.
 *
 * A component is its id, else its key, else its field's name, else its place among those of its kind; so what is put
 * between others leaves them what they are. Two siblings of one id are told apart by their order.
 */
export function siblingKeys(siblings: readonly Widget[]): string[] {
  return uniqueKeys(siblings.map(baseKey));
}

function baseKey(widget: Widget): string {
  const kind = widget.component.case ?? "none";
  if (widget.id !== undefined) return `${kind}#${widget.id}`;
  if (widget.key !== undefined) return `${kind}=${widget.key}`;
  const value = widget.component.value;
  return value && "name" in value && kind !== "icon" ? `${kind}:${value.name}` : kind;
}
