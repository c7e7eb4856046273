"use client";

import type { WidgetstreamClient } from "@widgetstream/client";
import type { Theme } from "@/server/choices";
import type { ChatFrontend, ChatKitSettings } from "@/server/settings";
import type { Session } from "@/services/session/session";
import styles from "./ChatPane.module.css";

export interface ChatPaneProps {
  client: WidgetstreamClient;
  session: Session;
  frontend: ChatFrontend;
  chatkit: ChatKitSettings;
  imageDomains: readonly string[];
  theme: Theme;
  nonce: string;
  onClientEffect: (name: string, data: Record<string, unknown>) => void;
}

/** The chat with the assistant. */
export function ChatPane(_props: ChatPaneProps) {
  return <section className={styles.pane} aria-label="Chat" />;
}
