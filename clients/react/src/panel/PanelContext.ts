import { createContext, useContext } from "react";
import type { Conversation } from "./conversation/Conversation.js";
import type { Texts } from "./texts/index.js";
import type { ChatPanelProps } from "./types.js";

/** What every part of a panel may need. */
export interface Panel {
  texts: Texts;
  locale: string;
  conversation: Conversation;
  /** Hosts from which images may be shown in this conversation. */
  imageDomains: readonly string[];
  entities: ChatPanelProps["entities"];
  feedback: boolean;
  /** Tells a person who cannot see the page, when they have a moment. */
  announce(text: string): void;
  /** Takes a text into the composer as a quotation. */
  quote(text: string): void;
}

export const PanelContext = createContext<Panel | undefined>(undefined);

/** The panel that a component is in. */
export function usePanel(): Panel {
  const panel = useContext(PanelContext);
  if (!panel) throw new Error("This component works inside a <ChatPanel> only.");
  return panel;
}

/** The panel's texts. */
export function useTexts(): Texts {
  return usePanel().texts;
}
