import type { Widget } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import type { ComponentType } from "react";

/** The components of the schema, by the name of their case. */
export type ComponentCase = NonNullable<Widget["component"]["case"]>;

/** The message of a component. */
export type ComponentMessage<C extends ComponentCase> = Extract<Widget["component"], { case: C }>["value"];

export interface ComponentProps<C extends ComponentCase> {
  /** The component's own message. */
  value: ComponentMessage<C>;
  /** What carries it: id and key. */
  widget: Widget;
}

/** What draws each component. A component added to the schema does not compile until it has an entry. */
export type ComponentRegistry = { readonly [C in ComponentCase]: ComponentType<ComponentProps<C>> };
