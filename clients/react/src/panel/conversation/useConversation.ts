import type { WidgetstreamClient } from "@widgetstream/client";
import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { Conversation, type ConversationHooks } from "./Conversation.js";
import type { ConversationState } from "./state.js";

/**
 * A conversation and its state, drawn anew at most once a frame. It is opened with the component, and closed with it or
 * when another is asked for; runs go on at the server.
 *
 * @param threadId The thread. `undefined`: a new one. When a new one gets its id, pass that: the conversation stays.
 * @param hooks What the conversation asks of the page; may change at any time.
 */
export function useConversation(
  client: WidgetstreamClient,
  threadId: string | undefined,
  hooks: ConversationHooks,
): { conversation: Conversation; state: ConversationState } {
  const latest = useRef(hooks);
  useLayoutEffect(() => {
    latest.current = hooks;
  });
  const create = () => new Conversation(client, threadId, () => latest.current);
  const [current, setCurrent] = useState(() => ({ client, threadId, conversation: create() }));
  let { conversation } = current;
  if (current.client !== client || current.threadId !== threadId) {
    // A new conversation that has got its id is still the same.
    if (current.client !== client || conversation.threadId !== (threadId ?? "")) conversation = create();
    setCurrent({ client, threadId, conversation });
  }
  useEffect(() => {
    conversation.open();
    return () => conversation.close();
  }, [conversation]);
  const state = useSyncExternalStore(conversation.subscribe, conversation.getState, conversation.getState);
  return { conversation, state };
}
