import type { GetThreadResponse, ListItemsResponse } from "../gen/widgetstream/chatkit/v1/chatkit_service_pb.js";
import { RunState } from "../gen/widgetstream/chatkit/v1/run_pb.js";
import { withThread } from "./fold.js";
import { newRun } from "./runs.js";
import { share } from "./share.js";
import { EMPTY_THREAD_STATE, isActive, type ThreadState } from "./state.js";

/**
 * Returns the state of a thread that was loaded with `getThread`.
 *
 * When the answer has an active run, follow it from its beginning (`subscribe(runId)`) and apply its events: items that
 * were loaded half done stay as they are until the events have come as far.
 *
 * `previous` is the state of the same thread before, if there was one: what is equal stays the same object, older items
 * and what is not confirmed stay.
 */
export function threadState(response: GetThreadResponse, previous: ThreadState = EMPTY_THREAD_STATE): ThreadState {
  const { thread, activeRun } = response;
  if (!thread) return previous;
  const base = previous.threadId === thread.id ? previous : EMPTY_THREAD_STATE;
  const page = thread.items;
  const loaded = page?.data ?? [];
  const ids = new Set(loaded.map((item) => item.id));
  const oldest = base.items.findIndex((item) => ids.has(item.id));
  const older = oldest > 0 ? base.items.slice(0, oldest) : [];
  const unconfirmed = base.items.filter((item) => base.optimisticItemIds.has(item.id));
  const phase = activeRun?.state === RunState.QUEUED ? "queued" : "running";
  return {
    ...withThread(base, thread),
    items: share(base.items, [...older, ...loaded, ...unconfirmed]),
    pendingItemIds: new Set(),
    imageProgress: new Map(),
    rebuilding: new Map(),
    run: activeRun ? newRun(activeRun.runId, phase, true) : isActive(base.run) ? undefined : base.run,
    queuedRuns: [],
    progress: undefined,
    hasOlder: older.length ? base.hasOlder : (page?.hasMore ?? false),
    olderToken: older.length ? base.olderToken : "",
  };
}

/** Returns the state with a page of older items, as `ListItems` answers in descending order. */
export function withOlderItems(state: ThreadState, page: ListItemsResponse): ThreadState {
  const known = new Set(state.items.map((item) => item.id));
  const older = page.items.filter((item) => !known.has(item.id)).reverse();
  return {
    ...state,
    items: older.length ? [...older, ...state.items] : state.items,
    hasOlder: page.nextPageToken !== "",
    olderToken: page.nextPageToken,
  };
}
