import { create, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { ClientToolCallStatus, ClientToolOutputSchema, type Said } from "@widgetstream/client";
import type { ConversationHooks } from "./Conversation.js";
import type { Store } from "./Store.js";
import type { ClientToolState } from "./state.js";

/** Has the page do what client tools ask for, and tells the assistant what came of it. */
export class Tools {
  readonly #store: Store;
  readonly #hooks: () => ConversationHooks;
  readonly #say: (said: Said) => Promise<boolean>;

  constructor(store: Store, hooks: () => ConversationHooks, say: (said: Said) => Promise<boolean>) {
    this.#store = store;
    this.#hooks = hooks;
    this.#say = say;
  }

  /** Runs the tool that an item calls, unless it is answered, or another tab runs it. */
  async run(itemId: string): Promise<void> {
    const { locks } = globalThis.navigator ?? {};
    if (!locks) return this.#run(itemId);
    await locks.request(`widgetstream.tool.${itemId}`, { ifAvailable: true }, async (lock) => {
      if (lock) await this.#run(itemId);
    });
  }

  async #run(itemId: string): Promise<void> {
    const item = this.#store.state.thread.items.find(({ id }) => id === itemId)?.item;
    if (item?.case !== "clientToolCall" || item.value.status === ClientToolCallStatus.COMPLETED) return;
    if (this.#store.state.tools.get(itemId) === "running") return;
    const { onClientTool, onError } = this.#hooks();
    if (!onClientTool) return this.#set(itemId, "failed");
    this.#set(itemId, "running");
    try {
      const output = await onClientTool(item.value.name, { ...item.value.arguments });
      const result = fromJson(ValueSchema, (output ?? null) as JsonValue);
      const value = create(ClientToolOutputSchema, { callId: item.value.callId, result });
      const accepted = await this.#say({ case: "clientToolOutput", value });
      this.#set(itemId, accepted ? undefined : "failed");
    } catch (error) {
      this.#set(itemId, "failed");
      onError?.(error);
    }
  }

  #set(itemId: string, state: ClientToolState | undefined): void {
    this.#store.change(({ tools }) => {
      const changed = new Map(tools);
      if (state) changed.set(itemId, state);
      else changed.delete(itemId);
      return { tools: changed };
    });
  }
}
