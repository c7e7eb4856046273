import { create, fromJson, type JsonObject, type JsonValue, toJson } from "@bufbuild/protobuf";
import { type Value, ValueSchema } from "@bufbuild/protobuf/wkt";
import {
  type Action,
  type ActionConfig,
  ActionSchema,
} from "@widgetstream/client/gen/widgetstream/chatkit/v1/action_pb";

/** The values of a form's fields by name, in the order of the fields. */
export type FormValues = ReadonlyMap<string, JsonValue>;

/**
 * Returns the action that a component declares, with the values of its form.
 *
 * As in ChatKit, a field's value stands in the payload under the field's name, and dots in a name make objects:
 * `todo.title` becomes `{"todo": {"title": …}}`. What the payload has already is kept, and the field's value is not
 * sent. A payload that is no object cannot hold values, and stays as it is.
 */
export function toAction(config: ActionConfig, values: FormValues): Action {
  if (values.size === 0) return create(ActionSchema, { type: config.type, payload: config.payload });
  const declared = config.payload ? toJson(ValueSchema, config.payload) : {};
  if (!isObject(declared)) return create(ActionSchema, { type: config.type, payload: config.payload });
  const payload: JsonObject = declared;
  for (const [name, value] of values) insert(payload, name.split("."), value, name);
  return create(ActionSchema, { type: config.type, payload: toValue(payload) });
}

function toValue(json: JsonValue): Value {
  return fromJson(ValueSchema, json);
}

function insert(target: JsonObject, path: readonly string[], value: JsonValue, name: string): void {
  const [head, ...rest] = path;
  // A name that would reach into the prototype of objects is no field that a server could ask for.
  if (head === undefined || head === "__proto__") return;
  const there = Object.hasOwn(target, head) ? target[head] : undefined;
  if (rest.length === 0) {
    if (there === undefined) target[head] = value;
    else if (there !== value) console.warn(`Widget: the payload has "${name}" already, the field's value is not sent.`);
    return;
  }
  if (there === undefined) target[head] = {};
  const inner = target[head];
  if (isObject(inner)) insert(inner, rest, value, name);
  else console.warn(`Widget: "${name}" does not fit into the payload, the field's value is not sent.`);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
