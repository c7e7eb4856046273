import { ListOrder, type WidgetstreamClient, withOlderItems } from "@widgetstream/client";
import type { ConversationHooks } from "./Conversation.js";
import type { Store } from "./Store.js";

const PAGE = 50;

/** Loads the items of a thread from before those that are known, newest of them first. */
export class OlderItems {
  readonly #client: WidgetstreamClient;
  readonly #store: Store;
  readonly #hooks: () => ConversationHooks;

  constructor(client: WidgetstreamClient, store: Store, hooks: () => ConversationHooks) {
    this.#client = client;
    this.#store = store;
    this.#hooks = hooks;
  }

  /** Loads a page. Does nothing while one is loaded, or when there is none. */
  async load(): Promise<void> {
    const { thread, older } = this.#store.state;
    const { threadId } = thread;
    if (!threadId || !thread.hasOlder || older === "loading") return;
    this.#store.change(() => ({ older: "loading" }));
    try {
      // Pages are counted from the newest item, so the first ones hold what is known already.
      for (let added = false; !added && this.#store.state.thread.hasOlder; ) {
        const before = this.#store.state.thread;
        const request = { threadId, order: ListOrder.DESC, pageSize: PAGE, pageToken: before.olderToken };
        const page = await this.#client.chatkit.listItems(request);
        this.#store.fold((state) => withOlderItems(state, page));
        added = this.#store.state.thread.items.length > before.items.length;
      }
      this.#store.change(() => ({ older: "idle" }));
    } catch (error) {
      this.#store.change(() => ({ older: "failed" }));
      this.#hooks().onError?.(error);
    }
  }
}
