import { create, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import {
  type Action,
  ActionSchema,
  type Attachment,
  ConcurrencyPolicy,
  type FeedbackKind,
  type Said,
  type UserMessageInput,
  type WidgetstreamClient,
  withOptimisticMessage,
} from "@widgetstream/client";
import { messageOfText } from "../composer/message.js";
import type { Texts } from "../texts/index.js";
import type { ActionTools, ClientAction } from "../types.js";
import { ActionRunner, type ActionWay } from "./ActionRunner.js";
import { answersOf } from "./answers.js";
import { OlderItems } from "./OlderItems.js";
import { Store } from "./Store.js";
import type { ConversationState } from "./state.js";
import { Thread } from "./Thread.js";
import { Tools } from "./Tools.js";
import { Turns } from "./Turns.js";
import { inWords, isOffline } from "./trouble.js";

/** What a conversation asks of the page. Read anew each time, so that a page may change them. */
export interface ConversationHooks {
  texts: Texts;
  onThreadChange?(threadId: string): void;
  onClientEffect?(name: string, data: Record<string, unknown>): void;
  onClientTool?(name: string, args: Record<string, unknown>): Promise<unknown>;
  /** An action whose handler is the client. */
  onAction?(action: ClientAction, tools: ActionTools): void | Promise<void>;
  onError?(error: unknown): void;
}

/** As the service's rule. */
const MAX_TEXT_BYTES = 65_536;

let conversations = 0;

/**
 * One conversation: what is in it, what happens in it, and what can be done. Holds the state; draws nothing.
 *
 * `open` loads it and follows the run under way; `close` stops following, and the runs go on without it. Nothing throws
 * but what says so: failures become notes in the state, in words.
 */
export class Conversation {
  readonly client: WidgetstreamClient;
  /** Tells this conversation from all others of the page. */
  readonly key: string;
  readonly #store: Store;
  readonly #hooks: () => ConversationHooks;
  readonly #thread: Thread;
  readonly #turns: Turns;
  readonly #older: OlderItems;
  readonly #actions: ActionRunner;
  readonly #tools: Tools;
  #sent = 0;

  constructor(client: WidgetstreamClient, threadId: string | undefined, hooks: () => ConversationHooks) {
    this.client = client;
    conversations += 1;
    this.key = `${conversations}`;
    this.#hooks = hooks;
    this.#store = new Store(threadId);
    this.#tools = new Tools(this.#store, hooks, (output) => this.#say(output));
    this.#turns = new Turns(this.#store, hooks, this.#tools);
    this.#thread = new Thread(client, this.#store, this.#turns, hooks, this.#tools);
    this.#older = new OlderItems(client, this.#store, hooks);
    this.#actions = new ActionRunner(client, this.#store, this.#turns, hooks, () => this.#pageTools());
  }

  /** Calls a listener after each change of the state, at most once a frame. Returns what ends that. */
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  /** The thread. Empty: it does not exist yet. */
  get threadId(): string {
    return this.#store.state.thread.threadId;
  }

  /** The state as of the last frame. */
  readonly getState = (): ConversationState => this.#store.shown;

  /** Loads the conversation and follows what happens in it, until `close`. */
  open(): void {
    this.#thread.open();
  }

  /** Stops following. What is under way goes on at the server. */
  close(): void {
    this.#turns.abandon();
    this.#thread.close();
    this.#store.settle();
  }

  /** Loads the conversation again: after a failure, or when it may have changed elsewhere. */
  readonly refresh = (): Promise<void> => this.#thread.refresh();

  /** Loads items from before the first known one. */
  readonly loadOlder = (): Promise<void> => this.#older.load();

  /**
   * Sends a message. While an answer comes, it waits its turn.
   *
   * Resolves when the service has taken it (true), or refused it (false): a note then says why.
   */
  async send(message: UserMessageInput, files: readonly Attachment[] = []): Promise<boolean> {
    const { errors } = this.#hooks().texts;
    const refusal = isOffline() ? errors.offline : isTooLong(message) ? errors.tooLong : undefined;
    if (refusal) {
      this.#store.noteRefusal(refusal);
      return false;
    }
    this.#sent += 1;
    const key = `local:${this.#sent}`;
    const { content, quotedText } = message;
    this.#store.change(({ notes, thread }) => ({
      // What was refused is past; only the last answer can be asked for again.
      notes: notes.filter(({ kind }) => kind !== "refused").map((note) => ({ ...note, retry: false })),
      thread: withOptimisticMessage(thread, key, { content, quotedText, attachments: [...files] }),
    }));
    this.#store.settle();
    return this.#say({ case: "userMessage", value: message }, key);
  }

  /** Stops the run under way. What it has said stays. */
  readonly stop = (): Promise<void> => this.#turns.stop();

  /** Asks for another answer to the last message; what came after it is removed. */
  async retry(): Promise<boolean> {
    const last = this.#store.state.thread.items.findLast(({ item }) => item.case === "userMessage");
    if (!last) return false;
    this.#store.change(() => ({ notes: [] }));
    return this.#say({ case: "retryAfterItem", value: { itemId: last.id } as never });
  }

  /**
   * Does what an action of a widget says: in a run, at once, or by the page. Resolves when that is done.
   *
   * @throws what it failed of, after a note has told the person.
   */
  act(itemId: string, action: Action, way: ActionWay): Promise<void> {
    return this.#actions.run(itemId, action, way);
  }

  /** Answers the questions of an item; a question without values is skipped. Resolves to whether that was taken. */
  answer(itemId: string, answers: Readonly<Record<string, readonly string[]>>): Promise<boolean> {
    return this.#say({ case: "structuredInput", value: answersOf(itemId, answers) });
  }

  /** Lets the page do again what a client tool asks for. */
  runClientTool(itemId: string): void {
    void this.#tools.run(itemId);
  }

  /** Records what the person thinks of items. Resolves to whether that was taken. */
  async giveFeedback(itemIds: readonly string[], kind: FeedbackKind): Promise<boolean> {
    const {
      feedback,
      thread: { threadId },
    } = this.#store.state;
    if (!threadId) return false;
    const set = (values: Iterable<[string, FeedbackKind]>) => this.#store.change(() => ({ feedback: new Map(values) }));
    set([...feedback, ...itemIds.map((id): [string, FeedbackKind] => [id, kind])]);
    try {
      await this.client.submitFeedback(threadId, [...itemIds], kind);
      return true;
    } catch (error) {
      set(feedback);
      this.#store.noteRefusal(inWords(error, this.#hooks().texts));
      this.#hooks().onError?.(error);
      return false;
    }
  }

  /** Takes a note away. */
  dismiss(key: string): void {
    this.#store.change(({ notes }) => ({ notes: notes.filter((note) => note.key !== key) }));
  }

  #say(said: Said, outgoing?: string): Promise<boolean> {
    // An answer may be under way in another tab: what is said waits its turn, wherever that is.
    const concurrency = ConcurrencyPolicy.ENQUEUE;
    const { threadId } = this.#store.state.thread;
    return this.#turns.follow((options) => this.client.respond(said, { threadId, concurrency, ...options }), outgoing)
      .accepted;
  }

  #pageTools(): ActionTools {
    return {
      threadId: this.threadId || undefined,
      sendAction: ({ type, payload, streaming = true, itemId = "" }) => {
        const value = payload === undefined ? undefined : fromJson(ValueSchema, payload as JsonValue);
        return this.act(itemId, create(ActionSchema, { type, payload: value }), { handler: "server", streaming });
      },
      sendMessage: async (text) => {
        await this.send(messageOfText(text));
      },
    };
  }
}

/** Whether a text of a message is longer than the service takes. */
function isTooLong({ content }: UserMessageInput): boolean {
  const encoder = new TextEncoder();
  return content.some((part) => encoder.encode(part.content.value?.text ?? "").length > MAX_TEXT_BYTES);
}
