import type { FeedbackKind } from "@widgetstream/client";
import { useSyncExternalStore } from "react";
import type { Conversation } from "./Conversation.js";

/** What the person thinks of an item, as said in this page. */
export function useFeedback(conversation: Conversation, itemId: string): FeedbackKind | undefined {
  const read = () => conversation.getState().feedback.get(itemId);
  return useSyncExternalStore(conversation.subscribe, read, read);
}
