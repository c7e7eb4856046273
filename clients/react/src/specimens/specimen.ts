import type { JsonValue } from "@bufbuild/protobuf";

/** A component as the showcase app shows it. */
export interface Specimen {
  /** The component's case in the schema. */
  name: string;
  /** What people call it. */
  label: string;
  /** The widget, as ProtoJSON. */
  widget: JsonValue;
  /** The widget in ChatKit's JSON. */
  json: JsonValue;
}
