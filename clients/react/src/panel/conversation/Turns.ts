import {
  applyEvent,
  type FollowOptions,
  type RunStream,
  type WidgetEvent,
  withoutOptimisticMessage,
} from "@widgetstream/client";
import type { ConversationHooks } from "./Conversation.js";
import { noteOf } from "./notes.js";
import type { Store } from "./Store.js";
import { Seen } from "./seen.js";
import type { Tools } from "./Tools.js";
import { Turn } from "./Turn.js";
import { inWords } from "./trouble.js";

/** What becomes of a request that begins a run. */
export interface Following {
  /** Resolves to whether the service took it. */
  accepted: Promise<boolean>;
  /** Resolves when its run has ended, or nobody follows it any more. */
  ended: Promise<void>;
}

/** Silence after which a run that has not begun is taken to wait for another, in milliseconds. */
const WAITING_MS = 500;

/** Follows runs: takes their events into the state, in order, and does what they ask of the page. */
export class Turns {
  readonly #store: Store;
  readonly #hooks: () => ConversationHooks;
  readonly #tools: Tools;
  readonly #turns = new Set<Turn>();
  readonly #seen = new Seen();
  /** Called when a run waits for one that this page does not follow. */
  onStranger: () => void = () => undefined;

  constructor(store: Store, hooks: () => ConversationHooks, tools: Tools) {
    this.#store = store;
    this.#hooks = hooks;
    this.#tools = tools;
  }

  /** Whether a run is followed. */
  follows(runId: string): boolean {
    return [...this.#turns].some(({ stream }) => stream.runId === runId);
  }

  /** Whether no run that is followed has said anything yet. */
  get isQuiet(): boolean {
    return [...this.#turns].every(({ begun }) => !begun);
  }

  /** Begins a run, or goes on with one, and follows it. `message` is what asks for it, by the key of its item. */
  follow(start: (options: FollowOptions) => RunStream, message?: string): Following {
    const onConnection: FollowOptions["onConnection"] = (connection) => {
      if (!turn.abandoned) {
        this.#store.change(() => ({ connection: connection === "connected" ? "fine" : "reconnecting" }));
      }
    };
    const turn: Turn = new Turn(start, onConnection, message);
    this.#turns.add(turn);
    this.#tell();
    let settle: (accepted: boolean) => void = () => undefined;
    const accepted = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    return { accepted, ended: this.#run(turn, settle) };
  }

  /** Stops the run that speaks. */
  async stop(): Promise<void> {
    const turn = this.#speaking();
    if (!turn || turn.stopping) return;
    turn.stopping = true;
    this.#tell();
    try {
      await turn.stream.cancel();
    } catch (error) {
      turn.stopping = false;
      this.#tell();
      this.#store.noteRefusal(inWords(error, this.#hooks().texts));
      this.#hooks().onError?.(error);
    }
  }

  /** Follows nothing any more. The runs go on. */
  abandon(): void {
    for (const turn of this.#turns) turn.abandon();
    this.#turns.clear();
    this.#tell();
  }

  async #run(turn: Turn, settle: (accepted: boolean) => void): Promise<void> {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    try {
      for await (const event of turn.stream) {
        if (turn.abandoned) {
          settle(true);
          return;
        }
        if (!turn.accepted) {
          this.#open(turn);
          waiting = setTimeout(() => this.#wait(turn), WAITING_MS);
        }
        this.#take(turn, event);
        settle(true);
      }
    } catch (error) {
      if (!turn.abandoned) this.#fail(turn, error);
    } finally {
      clearTimeout(waiting);
      settle(turn.accepted);
      if (!turn.abandoned) this.#end(turn);
    }
  }

  #open(turn: Turn): void {
    const { threadId } = turn.stream;
    if (this.#store.state.thread.threadId || !threadId) return;
    this.#store.change(({ thread }) => ({ thread: { ...thread, threadId }, phase: "ready" }));
    this.#hooks().onThreadChange?.(threadId);
  }

  #wait(turn: Turn): void {
    const { message } = turn;
    if (turn.begun) return;
    if (message) this.#store.change(({ waiting }) => ({ waiting: new Set(waiting).add(message) }));
    if (this.#turns.size === 1) this.onStranger();
  }

  #take(turn: Turn, event: WidgetEvent): void {
    const changed = turn.take(event);
    const isNew = this.#seen.take(turn.stream.runId, event.sequence);
    this.#store.fold((thread) => applyEvent(thread, event));
    if (changed) this.#tell();
    if (event.event.case === "clientEffect" && isNew) {
      this.#seen.keep(turn.stream.runId);
      this.#hooks().onClientEffect?.(event.event.value.name, { ...event.event.value.data });
    }
    const note = noteOf(event, this.#hooks().texts);
    if (note) this.#store.note(note);
  }

  #fail(turn: Turn, error: unknown): void {
    const { texts, onError } = this.#hooks();
    if (turn.accepted) this.#store.change(() => ({ connection: "lost" }));
    else this.#store.noteRefusal(inWords(error, texts));
    onError?.(error);
  }

  #end(turn: Turn): void {
    this.#turns.delete(turn);
    const { message } = turn;
    this.#store.change(({ thread, waiting, connection }) => ({
      thread: message ? withoutOptimisticMessage(thread, message) : thread,
      waiting: message && waiting.has(message) ? new Set([...waiting].filter((key) => key !== message)) : waiting,
      connection: connection === "reconnecting" && this.#turns.size === 0 ? "fine" : connection,
    }));
    this.#tell();
    if (turn.pendingItemId) void this.#tools.run(turn.pendingItemId);
  }

  #speaking(): Turn | undefined {
    const turns = [...this.#turns];
    return turns.find(({ begun }) => begun) ?? turns.find(({ accepted }) => accepted);
  }

  #tell(): void {
    const speaking = this.#speaking();
    this.#store.change(() => ({
      answering: this.#turns.size > 0,
      canStop: speaking?.canStop ?? false,
      stopping: speaking?.stopping ?? false,
    }));
  }
}
