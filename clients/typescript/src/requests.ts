import { create, fromJson, isMessage, type JsonValue, type MessageInitShape } from "@bufbuild/protobuf";
import { type Value, ValueSchema } from "@bufbuild/protobuf/wkt";
import type { Action } from "./gen/widgetstream/chatkit/v1/action_pb.js";
import { ActionSchema } from "./gen/widgetstream/chatkit/v1/action_pb.js";
import {
  type ActionRequest,
  ActionRequestSchema,
  type RespondRequest,
  RespondRequestSchema,
  type SyncActionRequest,
  SyncActionRequestSchema,
} from "./gen/widgetstream/chatkit/v1/chatkit_service_pb.js";
import type { ConcurrencyPolicy } from "./gen/widgetstream/chatkit/v1/run_pb.js";
import { newRequestId } from "./request-id.js";

/** What is said: a text, or one of the inputs of `RespondRequest`, such as `{ case: "userMessage", value: … }`. */
export type Said = string | NonNullable<MessageInitShape<typeof RespondRequestSchema>["input"]>;

/** Options of what starts a run. */
export interface StartOptions {
  /** The thread. Empty: a new one. */
  readonly threadId?: string;
  /** Makes the request safe to repeat. Empty: one is made, and the client repeats what nobody has answered. */
  readonly requestId?: string;
  /** What to do when the thread has a run under way. Not set: reject. */
  readonly concurrency?: ConcurrencyPolicy;
}

/** What goes with an action: JSON, or a `google.protobuf.Value`. */
export type Payload = JsonValue | Value;

/** Returns the request that says something. */
export function respondRequest(said: Said, options: StartOptions): RespondRequest {
  const input = typeof said === "string" ? ({ case: "text", value: said } as const) : said;
  return create(RespondRequestSchema, { ...started(options), input });
}

/** Returns the request that runs an action. */
export function actionRequest(
  type: string,
  payload: Payload | undefined,
  options: StartOptions & { readonly itemId?: string },
): ActionRequest {
  return create(ActionRequestSchema, {
    ...started(options),
    itemId: options.itemId ?? "",
    action: action(type, payload),
  });
}

/** Returns the request that runs an action and is answered at once. */
export function syncActionRequest(
  type: string,
  payload: Payload | undefined,
  { threadId, itemId = "" }: { readonly threadId: string; readonly itemId?: string },
): SyncActionRequest {
  return create(SyncActionRequestSchema, { threadId, itemId, action: action(type, payload) });
}

function started({ threadId = "", requestId, concurrency }: StartOptions) {
  return { threadId, requestId: requestId || newRequestId(), concurrency };
}

function action(type: string, payload: Payload | undefined): Action {
  if (payload === undefined) return create(ActionSchema, { type });
  return create(ActionSchema, {
    type,
    payload: isMessage(payload, ValueSchema) ? payload : fromJson(ValueSchema, payload),
  });
}
