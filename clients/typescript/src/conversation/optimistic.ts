import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampNow } from "@bufbuild/protobuf/wkt";
import { ThreadItemSchema, type UserMessageItemSchema } from "../gen/widgetstream/chatkit/v1/item_pb.js";
import { including } from "./collections.js";
import { withoutItem } from "./item-list.js";
import type { ThreadState } from "./state.js";

/**
 * Returns the state with a message that the person has just sent, before the server has confirmed it. The first message
 * of a person that a run tells of takes its place.
 *
 * `key` distinguishes it from all other items, such as `local:` and the id of the request.
 */
export function withOptimisticMessage(
  state: ThreadState,
  key: string,
  message: MessageInitShape<typeof UserMessageItemSchema>,
): ThreadState {
  const item = create(ThreadItemSchema, {
    id: key,
    threadId: state.threadId,
    createTime: timestampNow(),
    item: { case: "userMessage", value: message },
  });
  return {
    ...state,
    items: [...state.items, item],
    optimisticItemIds: including(state.optimisticItemIds, key),
  };
}

/** Returns the state without a message that the server has refused. */
export function withoutOptimisticMessage(state: ThreadState, key: string): ThreadState {
  return state.optimisticItemIds.has(key) ? withoutItem(state, key) : state;
}
