import type { ItemUpdatedEvent, WidgetEvent } from "../gen/widgetstream/chatkit/v1/event_pb.js";
import type { ThreadItem } from "../gen/widgetstream/chatkit/v1/item_pb.js";
import type { Thread } from "../gen/widgetstream/chatkit/v1/thread_pb.js";
import { excluding, including, withEntry, withoutEntry } from "./collections.js";
import { placeOf, withItem, withoutItem } from "./item-list.js";
import { applyUpdate, UpdateMismatchError } from "./items.js";
import { canFollow, endRun, enterRun, withRun } from "./runs.js";
import { share } from "./share.js";
import type { ThreadState } from "./state.js";

/**
 * Returns the state after an event. Events of one run are applied in order; one that was applied before changes nothing.
 *
 * An event belongs to the run that it names, as all events of a `RunStream` do, else to the run under way.
 */
export function applyEvent(state: ThreadState, event: WidgetEvent): ThreadState {
  if (event.event.case === "heartbeat") return state;
  const runId = event.runId || state.run?.runId;
  if (!runId || !canFollow(state, runId, event.sequence)) return state;
  const entered = enterRun(state, runId, event);
  return event.threadId && !entered.threadId
    ? happen({ ...entered, threadId: event.threadId }, event)
    : happen(entered, event);
}

/** Returns the state after events, in order. */
export function applyEvents(state: ThreadState, events: Iterable<WidgetEvent>): ThreadState {
  let after = state;
  for (const event of events) after = applyEvent(after, event);
  return after;
}

function happen(state: ThreadState, { event, sequence, ignorable }: WidgetEvent): ThreadState {
  switch (event.case) {
    case "runStarted":
    case "heartbeat":
      return state;
    case "threadCreated":
    case "threadUpdated":
      return event.value.thread ? withThread(state, event.value.thread) : state;
    case "itemAdded":
      return event.value.item ? begin(state, event.value.item) : state;
    case "itemUpdated":
      return update(state, event.value);
    case "itemDone":
      return event.value.item ? finish(progressed(state, event.value.item), event.value.item) : state;
    case "itemReplaced":
      return event.value.item ? finish(state, event.value.item) : state;
    case "itemRemoved":
      return withoutItem(state, event.value.itemId);
    case "streamOptions":
      return withRun(state, { allowCancel: event.value.streamOptions?.allowCancel ?? false });
    case "progressUpdate":
      return { ...state, progress: event.value };
    case "clientEffect":
      return { ...state, effects: [...state.effects, { key: keyOf(state, sequence), effect: event.value }] };
    case "notice": {
      const key = keyOf(state, sequence);
      const notice = { key, notice: event.value, afterItemId: state.items.at(-1)?.id };
      return state.notices.some((each) => each.key === key) ? state : { ...state, notices: [...state.notices, notice] };
    }
    case "error":
      return withRun(state, { error: event.value });
    case "runCompleted":
      return endRun(state, {
        phase: "completed",
        pendingItemId: event.value.pendingItemId,
        usage: event.value.usage,
      });
    case "runFailed":
      return endRun(state, { phase: "failed", failure: event.value, usage: event.value.usage });
    case "runCanceled":
      return endRun(state, { phase: "canceled", cancelCause: event.value.cause, usage: event.value.usage });
    case undefined:
      return ignorable || state.isOutdated ? state : { ...state, isOutdated: true };
    default:
      return event satisfies never;
  }
}

function keyOf(state: ThreadState, sequence: number): string {
  return `${state.run?.runId}:${sequence}`;
}

/** Returns the state with what is known of the thread itself. */
export function withThread(state: ThreadState, thread: Thread): ThreadState {
  const { items: _, ...rest } = thread;
  return { ...state, threadId: thread.id, thread: share(state.thread, rest) };
}

/** The assistant shows something: what it was doing is no longer told. */
function progressed(state: ThreadState, item: ThreadItem): ThreadState {
  return state.progress && item.item.case !== "userMessage" ? { ...state, progress: undefined } : state;
}

function begin(state: ThreadState, item: ThreadItem): ThreadState {
  const after = progressed(state, item);
  const pendingItemIds = including(after.pendingItemIds, item.id);
  if (after.run?.isRestored && placeOf(after.items, item.id) >= 0 && !after.pendingItemIds.has(item.id)) {
    // It was loaded, and is more than what its events have told so far.
    return rebuilt({ ...after, pendingItemIds }, item);
  }
  return withItem({ ...after, pendingItemIds }, item);
}

function update(state: ThreadState, { itemId, update }: ItemUpdatedEvent): ThreadState {
  const place = placeOf(state.items, itemId);
  const before = state.rebuilding.get(itemId) ?? state.items[place];
  if (!before || !update) return state;
  if (update.update.case === undefined) return state.isOutdated ? state : { ...state, isOutdated: true };
  const after = applied(before, update);
  if (after === before) return state;
  const progress = update.update.case === "generatedImageUpdated" ? update.update.value.progress : undefined;
  const told =
    progress === undefined ? state : { ...state, imageProgress: withEntry(state.imageProgress, itemId, progress) };
  if (state.rebuilding.has(itemId)) return rebuilt(told, after);
  return { ...told, items: state.items.with(place, after) };
}

function applied(item: ThreadItem, update: NonNullable<ItemUpdatedEvent["update"]>): ThreadItem {
  try {
    return applyUpdate(item, update);
  } catch (error) {
    // The whole item comes when it is done.
    if (error instanceof UpdateMismatchError) return item;
    throw error;
  }
}

/** Notes how far an item is that is built anew, and shows it once it has come as far as what is shown. */
function rebuilt(state: ThreadState, item: ThreadItem): ThreadState {
  const place = placeOf(state.items, item.id);
  const shown = state.items[place];
  if (shown && !hasReached(item, shown)) {
    return { ...state, rebuilding: withEntry(state.rebuilding, item.id, item) };
  }
  return withItem({ ...state, rebuilding: withoutEntry(state.rebuilding, item.id) }, item);
}

function hasReached(item: ThreadItem, shown: ThreadItem): boolean {
  // What was loaded may end within a piece of text that one event tells.
  const [length, enough] = [textLength(item), textLength(shown)];
  return length !== undefined && enough !== undefined ? length >= enough : share(shown, item) === shown;
}

function textLength({ item }: ThreadItem): number | undefined {
  if (item.case !== "assistantMessage") return undefined;
  return item.value.content.reduce((length, part) => length + part.text.length, 0);
}

function finish(state: ThreadState, item: ThreadItem): ThreadState {
  return withItem(
    {
      ...state,
      pendingItemIds: excluding(state.pendingItemIds, item.id),
      imageProgress: withoutEntry(state.imageProgress, item.id),
      rebuilding: withoutEntry(state.rebuilding, item.id),
    },
    item,
  );
}
