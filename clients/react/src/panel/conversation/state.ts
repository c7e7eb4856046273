import {
  EMPTY_THREAD_STATE,
  type FeedbackKind,
  type NoticeLevel,
  type ThreadItem,
  type ThreadState,
} from "@widgetstream/client";

/** What the page has made of a client tool's call. */
export type ClientToolState = "running" | "failed";

/** Something to tell the person that is no item of the thread. */
export interface Note {
  key: string;
  /** `error`: of a run. `refused`: of a request that began none. */
  kind: "notice" | "error" | "refused" | "stopped";
  level: NoticeLevel;
  title: string;
  /** Markdown for a notice, plain text for others. */
  text: string;
  /** Whether trying again is offered. */
  retry: boolean;
  /** The item after which it stands. Not set: before all. */
  after: string | undefined;
}

/** Why a conversation takes no messages. */
export interface Closure {
  kind: "locked" | "closed";
  /** What the application says about it. */
  reason: string;
}

/** The connection, as far as it matters to the person. `lost`: given up, until somebody tries again. */
export type ConnectionState = "fine" | "offline" | "reconnecting" | "lost";

/** All that a panel shows of a conversation. Values that did not change keep their identity. */
export interface ConversationState {
  /** The thread, and what its runs have told. */
  thread: ThreadState;
  /** `new`: the first message will create it. */
  phase: "new" | "loading" | "ready" | "failed";
  /** Why it could not be loaded. */
  loadError: string;
  /** Messages that are sent and wait for the answer before theirs, by the keys of their items. */
  waiting: ReadonlySet<string>;
  notes: readonly Note[];
  /** Whether a run is under way, or was asked for. */
  answering: boolean;
  /** Whether the person may stop it. */
  canStop: boolean;
  stopping: boolean;
  /** What is being done about older items, of which `thread.hasOlder` tells. */
  older: "idle" | "loading" | "failed";
  connection: ConnectionState;
  tools: ReadonlyMap<string, ClientToolState>;
  feedback: ReadonlyMap<string, FeedbackKind>;
}

/** The state of a conversation of which nothing is known yet. */
export function initialState(threadId: string | undefined): ConversationState {
  return {
    thread: { ...EMPTY_THREAD_STATE, threadId: threadId ?? "" },
    phase: threadId ? "loading" : "new",
    loadError: "",
    waiting: new Set(),
    notes: [],
    answering: false,
    canStop: false,
    stopping: false,
    older: "idle",
    connection: "fine",
    tools: new Map(),
    feedback: new Map(),
  };
}

/** Why a conversation takes no messages; `undefined` if it does. */
export function closureOf({ thread: { thread } }: ConversationState): Closure | undefined {
  const status = thread?.status?.status;
  if (status?.case !== "locked" && status?.case !== "closed") return undefined;
  return { kind: status.case, reason: status.value.reason ?? "" };
}

/** Whether a person ever sees an item of this kind. */
export function isShown({ item }: ThreadItem): boolean {
  switch (item.case) {
    case "hiddenContext":
    case "sdkHiddenContext":
    case "endOfTurn":
      return false;
    default:
      return true;
  }
}
