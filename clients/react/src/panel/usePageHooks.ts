import type { ConversationHooks } from "./conversation/Conversation.js";
import type { Texts } from "./texts/index.js";
import type { ChatPanelProps } from "./types.js";

/** What a panel's conversation asks of the page, from the panel's properties. */
export function usePageHooks(
  { onClientEffect, onClientTool, onAction, onError }: ChatPanelProps,
  texts: Texts,
  onThreadChange: (threadId: string) => void,
): ConversationHooks {
  return { texts, onThreadChange, onClientEffect, onClientTool, onAction, onError };
}
