import { type GetThreadResponse, threadState, type WidgetstreamClient, withThread } from "@widgetstream/client";
import type { ConversationHooks } from "./Conversation.js";
import type { Store } from "./Store.js";
import type { Tools } from "./Tools.js";
import type { Turns } from "./Turns.js";
import { inWords, isOffline } from "./trouble.js";

/** A conversation that was looked at so lately is not asked for again when the page gets the focus, in milliseconds. */
const FRESH_MS = 2000;

/** Loads a thread, follows its run, and looks again when it may have changed: focus, network back, another tab. */
export class Thread {
  readonly #client: WidgetstreamClient;
  readonly #store: Store;
  readonly #turns: Turns;
  readonly #hooks: () => ConversationHooks;
  readonly #tools: Tools;
  #lifetime: AbortController | undefined;
  #loadedAt = 0;

  constructor(client: WidgetstreamClient, store: Store, turns: Turns, hooks: () => ConversationHooks, tools: Tools) {
    this.#client = client;
    this.#store = store;
    this.#turns = turns;
    this.#hooks = hooks;
    this.#tools = tools;
    turns.onStranger = () => void this.refresh();
  }

  open(): void {
    this.#lifetime = new AbortController();
    const { signal } = this.#lifetime;
    const onFocus = () => {
      if (document.visibilityState === "visible") void this.#look();
    };
    document.addEventListener("visibilitychange", onFocus, { signal });
    window.addEventListener("focus", onFocus, { signal });
    window.addEventListener("online", () => this.#online(), { signal });
    window.addEventListener("offline", () => this.#store.change(() => ({ connection: "offline" })), { signal });
    if (isOffline()) this.#store.change(() => ({ connection: "offline" }));
    if (this.#store.state.thread.threadId) void this.refresh();
  }

  close(): void {
    this.#lifetime?.abort();
    this.#lifetime = undefined;
  }

  /** Loads the thread, and follows the run that is under way. A failure is in the state. */
  async refresh(): Promise<void> {
    const { threadId } = this.#store.state.thread;
    const signal = this.#lifetime?.signal;
    if (!threadId || !signal) return;
    this.#loadedAt = Date.now();
    if (this.#store.state.phase === "failed") this.#store.change(() => ({ phase: "loading", loadError: "" }));
    try {
      const answer = await this.#client.getThread(threadId, { signal });
      if (!signal.aborted) this.#take(answer);
    } catch (error) {
      if (signal.aborted) return;
      const { texts, onError } = this.#hooks();
      if (this.#store.state.phase === "loading") {
        this.#store.change(() => ({ phase: "failed", loadError: inWords(error, texts) }));
      } else if (!isOffline()) {
        this.#store.change(() => ({ connection: "lost" }));
      }
      onError?.(error);
    }
  }

  async #look(): Promise<void> {
    if (Date.now() - this.#loadedAt < FRESH_MS) return;
    if (this.#turns.isQuiet) await this.refresh();
  }

  #online(): void {
    this.#store.change(({ connection }) => ({ connection: connection === "offline" ? "fine" : connection }));
    if (this.#turns.isQuiet) void this.refresh();
  }

  #take(answer: GetThreadResponse): void {
    const { thread, activeRun } = answer;
    if (!thread) return;
    // While this page follows a run, what it has is newer than what it asked for.
    const isQuiet = this.#turns.isQuiet;
    this.#store.change((state) => ({
      thread: isQuiet ? threadState(answer, state.thread) : withThread(state.thread, thread),
      phase: "ready",
      connection: state.connection === "lost" ? "fine" : state.connection,
    }));
    if (activeRun && !this.#turns.follows(activeRun.runId)) {
      this.#turns.follow((options) => this.#client.subscribe(activeRun.runId, 0, options));
    } else if (!activeRun && isQuiet) {
      const last = this.#store.state.thread.items.at(-1);
      if (last?.item.case === "clientToolCall") void this.#tools.run(last.id);
    }
  }
}
