import { create, fromJson, type JsonValue, type MessageInitShape, toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import {
  type Action,
  type ActionConfig,
  ActionConfigSchema,
} from "@widgetstream/client/gen/widgetstream/chatkit/v1/action_pb";
import { type Widget, WidgetSchema } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";

type Init = NonNullable<MessageInitShape<typeof WidgetSchema>["component"]>;
type Cases = Extract<Init, { case: string }>["case"];
type ValueOf<C extends Cases> = Extract<Init, { case: C }>["value"];

/** Makes a component. */
export function ui<C extends Cases>(kind: C, value: ValueOf<C>, id?: string): Widget {
  return create(WidgetSchema, { id, component: { case: kind, value } as Init });
}

/** Makes an action's configuration. */
export function action(
  type: string,
  payload?: JsonValue,
  more: Omit<MessageInitShape<typeof ActionConfigSchema>, "type" | "payload" | "$typeName"> = {},
): ActionConfig {
  return create(ActionConfigSchema, {
    type,
    payload: payload === undefined ? undefined : fromJson(ValueSchema, payload),
    ...more,
  });
}

/** Returns what goes with an action, as JSON. */
export function payloadOf(sent: Action | undefined): JsonValue | undefined {
  return sent?.payload && toJson(ValueSchema, sent.payload);
}

export function text(value: string, id?: string): Widget {
  return ui("text", { value }, id);
}

/** A promise that the test settles. */
export function deferred(): { promise: Promise<void>; resolve(): void; reject(error: unknown): void } {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<void>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}
