import { Icon } from "../../icons/Icon.js";
import type { ComponentProps } from "../component.js";
import { named } from "../WidgetNode.js";

/** A quiet sign that something stands here which this version cannot show. */
export function Unknown({ value, widget }: ComponentProps<"unknown">) {
  return (
    <div className="ws-unknown" {...named(widget)}>
      <Icon name="cube" />
      <span>{value.type ? `“${value.type}” cannot be shown here` : "This part cannot be shown here"}</span>
    </div>
  );
}
