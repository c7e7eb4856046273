import { type JsonValue, toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { type Action, ConcurrencyPolicy, type Payload, type WidgetstreamClient, withItem } from "@widgetstream/client";
import type { ActionTools } from "../types.js";
import type { ConversationHooks } from "./Conversation.js";
import type { Store } from "./Store.js";
import type { Turns } from "./Turns.js";
import { inWords } from "./trouble.js";

/** How an action is run: by whom, and whether in a run of its own. */
export interface ActionWay {
  handler: "server" | "client";
  streaming: boolean;
}

/** Runs the actions of widgets. */
export class ActionRunner {
  readonly #client: WidgetstreamClient;
  readonly #store: Store;
  readonly #turns: Turns;
  readonly #hooks: () => ConversationHooks;
  readonly #tools: () => ActionTools;

  constructor(
    client: WidgetstreamClient,
    store: Store,
    turns: Turns,
    hooks: () => ConversationHooks,
    tools: () => ActionTools,
  ) {
    this.#client = client;
    this.#store = store;
    this.#turns = turns;
    this.#hooks = hooks;
    this.#tools = tools;
  }

  /** Runs an action. Throws what it failed of. */
  async run(itemId: string, { type, payload }: Action, way: ActionWay): Promise<void> {
    if (way.handler === "client") await this.#byPage(itemId, type, payload && toJson(ValueSchema, payload));
    else if (way.streaming) await this.#inRun(itemId, type, payload);
    else await this.#atOnce(itemId, type, payload);
  }

  async #byPage(itemId: string, type: string, payload: JsonValue | undefined): Promise<void> {
    const { onAction, onError, texts } = this.#hooks();
    try {
      await onAction?.({ type, payload, itemId }, this.#tools());
    } catch (error) {
      this.#store.noteRefusal(texts.errors.actionUnknown);
      onError?.(error);
      throw error;
    }
  }

  async #atOnce(itemId: string, type: string, payload: Payload | undefined): Promise<void> {
    const { threadId } = this.#store.state.thread;
    if (!threadId) return;
    const { onError, texts } = this.#hooks();
    try {
      const changed = await this.#client.syncAction(type, payload, { threadId, itemId });
      if (changed) this.#store.fold((thread) => withItem(thread, changed));
    } catch (error) {
      this.#store.noteRefusal(inWords(error, texts));
      onError?.(error);
      throw error;
    }
  }

  /** While an answer comes, a run waits its turn: a click is never lost. */
  async #inRun(itemId: string, type: string, payload: Payload | undefined): Promise<void> {
    const { threadId } = this.#store.state.thread;
    const { accepted, ended } = this.#turns.follow((options) =>
      this.#client.action(type, payload, { threadId, itemId, concurrency: ConcurrencyPolicy.ENQUEUE, ...options }),
    );
    if (!(await accepted)) throw new Error("The action was refused.");
    await ended;
  }
}
