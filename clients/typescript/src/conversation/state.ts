import type {
  CancelCause,
  ClientEffectEvent,
  ErrorEvent,
  NoticeEvent,
  ProgressUpdateEvent,
  RunFailedEvent,
} from "../gen/widgetstream/chatkit/v1/event_pb.js";
import type { ThreadItem } from "../gen/widgetstream/chatkit/v1/item_pb.js";
import type { Usage } from "../gen/widgetstream/chatkit/v1/run_pb.js";
import type { Thread } from "../gen/widgetstream/chatkit/v1/thread_pb.js";

/**
 * A conversation as a person sees it: a thread, and the run under way in it.
 *
 * States are values that never change. A state that follows another has the other's objects wherever they are equal, so
 * that what was not touched can be told by identity.
 */
export interface ThreadState {
  /** The thread's id. Empty: it does not exist yet. */
  readonly threadId: string;
  /** The thread without its items. Undefined: not known yet. */
  readonly thread: Thread | undefined;
  /** The items that are known, oldest first. What the person said and the server has not confirmed is among them. */
  readonly items: readonly ThreadItem[];
  /** The items that are not done: more of them may come. */
  readonly pendingItemIds: ReadonlySet<string>;
  /** The items that the server has not confirmed. */
  readonly optimisticItemIds: ReadonlySet<string>;
  /** Names that items had before the server confirmed them, by their ids now: see `itemKey`. */
  readonly formerKeys: ReadonlyMap<string, string>;
  /** How far generated images are, from 0 to 1, by the ids of their items. */
  readonly imageProgress: ReadonlyMap<string, number>;
  /** The run under way, or the last one that ended. Undefined: there was none. */
  readonly run: RunStatus | undefined;
  /** Runs that wait for the one under way, in order. */
  readonly queuedRuns: readonly RunStatus[];
  /** What the assistant is doing, until the next item. */
  readonly progress: ProgressUpdateEvent | undefined;
  /** What the person should know, in order. */
  readonly notices: readonly Notice[];
  /** What the page has still to do, in order: see `takeEffects`. */
  readonly effects: readonly ClientEffect[];
  /** Whether there are older items than those that are known. */
  readonly hasOlder: boolean;
  /** From where the next older items come: a page token of `ListItems` in descending order. Empty: from the newest. */
  readonly olderToken: string;
  /** Whether an event came that this client does not know and cannot pass over: the page is out of date. */
  readonly isOutdated: boolean;
  /** Items that are built anew from a run's events while what was loaded is shown. */
  readonly rebuilding: ReadonlyMap<string, ThreadItem>;
}

/** How a run stands. */
export type RunPhase = "queued" | "running" | "completed" | "failed" | "canceled";

/** A run. */
export interface RunStatus {
  readonly runId: string;
  readonly phase: RunPhase;
  /** The number of the last event that was applied. */
  readonly sequence: number;
  /** Whether it was under way when the thread was loaded, and is followed from its beginning. */
  readonly isRestored: boolean;
  /** Whether the person may stop it. */
  readonly allowCancel: boolean;
  /** The last error of which it told. It may go on nevertheless. */
  readonly error: ErrorEvent | undefined;
  /** Why it failed, if it did. */
  readonly failure: RunFailedEvent | undefined;
  /** Why it was canceled, if it was. */
  readonly cancelCause: CancelCause | undefined;
  /** The item that waits for the person or the page, when the run has ended. */
  readonly pendingItemId: string | undefined;
  /** What it took from models, when it has ended. */
  readonly usage: Usage | undefined;
}

/** Something for the person to know. */
export interface Notice {
  /** Distinguishes it from others. */
  readonly key: string;
  readonly notice: NoticeEvent;
  /** The item after which it came. Undefined: before the first. */
  readonly afterItemId: string | undefined;
}

/** Something for the page to do. */
export interface ClientEffect {
  /** Distinguishes it from others. It stays the same when a run is followed again from its beginning. */
  readonly key: string;
  readonly effect: ClientEffectEvent;
}

/** A conversation in which nothing was said. */
export const EMPTY_THREAD_STATE: ThreadState = {
  threadId: "",
  thread: undefined,
  items: [],
  pendingItemIds: new Set(),
  optimisticItemIds: new Set(),
  formerKeys: new Map(),
  imageProgress: new Map(),
  run: undefined,
  queuedRuns: [],
  progress: undefined,
  notices: [],
  effects: [],
  hasOlder: false,
  olderToken: "",
  isOutdated: false,
  rebuilding: new Map(),
};

/** Whether a run is waiting or under way. */
export function isActive(run: RunStatus | undefined): boolean {
  return run?.phase === "queued" || run?.phase === "running";
}

/** Returns the name by which a list of items keeps an item apart: the same before and after the server confirmed it. */
export function itemKey(state: ThreadState, item: ThreadItem): string {
  return state.formerKeys.get(item.id) ?? item.id;
}

/** Returns the state without the effects, which the caller dispatches. */
export function takeEffects(state: ThreadState): ThreadState {
  return state.effects.length ? { ...state, effects: [] } : state;
}

/** Returns the state without a notice, which the person has seen. */
export function dismissNotice(state: ThreadState, key: string): ThreadState {
  const notices = state.notices.filter((each) => each.key !== key);
  return notices.length === state.notices.length ? state : { ...state, notices };
}
