export { ChatPanel } from "./ChatPanel.js";
export { Conversation, type ConversationHooks } from "./conversation/Conversation.js";
export type {
  ClientToolState,
  Closure,
  ConnectionState,
  ConversationState,
  Note,
} from "./conversation/state.js";
export { closureOf } from "./conversation/state.js";
export { inWords } from "./conversation/trouble.js";
export { useConversation } from "./conversation/useConversation.js";
export { type Texts, textsFor } from "./texts/index.js";
export type {
  ActionTools,
  AttachmentOptions,
  ChatPanelProps,
  Choice,
  ClientAction,
  ComposerOptions,
  Entity,
  EntityOptions,
  HeaderOptions,
  HistoryOptions,
  StartPrompt,
  StartScreen,
  ToolOption,
} from "./types.js";
