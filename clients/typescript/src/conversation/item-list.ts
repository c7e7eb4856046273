import type { ThreadItem } from "../gen/widgetstream/chatkit/v1/item_pb.js";
import { excluding, withEntry, withoutEntry } from "./collections.js";
import { share } from "./share.js";
import type { ThreadState } from "./state.js";

/** Returns the place of an item, or -1. What changes is mostly at the end. */
export function placeOf(items: readonly ThreadItem[], itemId: string): number {
  return items.findLastIndex((item) => item.id === itemId);
}

/** Returns the state with an item: in its place when it is known, else at the end. */
export function withItem(state: ThreadState, item: ThreadItem): ThreadState {
  const place = placeOf(state.items, item.id);
  const before = state.items[place];
  if (before) {
    const shared = share(before, item);
    return shared === before ? state : { ...state, items: state.items.with(place, shared) };
  }
  return confirmed(state, item) ?? inserted(state, item);
}

/** Returns the state without an item. */
export function withoutItem(state: ThreadState, itemId: string): ThreadState {
  const place = placeOf(state.items, itemId);
  if (place < 0) return state;
  return {
    ...state,
    items: state.items.toSpliced(place, 1),
    pendingItemIds: excluding(state.pendingItemIds, itemId),
    optimisticItemIds: excluding(state.optimisticItemIds, itemId),
    imageProgress: withoutEntry(state.imageProgress, itemId),
    rebuilding: withoutEntry(state.rebuilding, itemId),
  };
}

/** Puts a message of the person in the place of the one that was shown until the server knew it. */
function confirmed(state: ThreadState, item: ThreadItem): ThreadState | undefined {
  if (item.item.case !== "userMessage" || state.optimisticItemIds.size === 0) return undefined;
  const place = state.items.findIndex((each) => state.optimisticItemIds.has(each.id));
  const before = state.items[place];
  if (!before) return undefined;
  return {
    ...state,
    items: state.items.with(place, item),
    optimisticItemIds: excluding(state.optimisticItemIds, before.id),
    formerKeys: withEntry(state.formerKeys, item.id, before.id),
  };
}

function inserted(state: ThreadState, item: ThreadItem): ThreadState {
  // What was not confirmed yet stays below what was.
  let place = state.items.length;
  while (place > 0 && state.optimisticItemIds.has(state.items[place - 1]?.id ?? "")) place -= 1;
  // A run that is followed from its beginning tells of items that are older than those that were loaded.
  if (state.run?.isRestored) {
    while (place > 0 && isBefore(item, state.items[place - 1])) place -= 1;
  }
  return { ...state, items: state.items.toSpliced(place, 0, item) };
}

function isBefore(item: ThreadItem, other: ThreadItem | undefined): boolean {
  const [ours, theirs] = [item.createTime, other?.createTime];
  if (!ours || !theirs) return false;
  return ours.seconds < theirs.seconds || (ours.seconds === theirs.seconds && ours.nanos < theirs.nanos);
}
