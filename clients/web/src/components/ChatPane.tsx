"use client";

import type { WidgetstreamClient } from "@widgetstream/client";
import dynamic from "next/dynamic";
import { useCallback, useState, useSyncExternalStore } from "react";
import type { Theme } from "@/server/choices";
import type { ChatFrontend, ChatKitSettings } from "@/server/settings";
import { GREETING, PLACEHOLDER, PROMPTS } from "@/services/chat/start-screen";
import { CHATKIT_FAILED, chooseFrontend } from "@/services/preferences";
import type { Session } from "@/services/session/session";
import { ChatLoading } from "./ChatLoading";
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

// Each is loaded only where it is used, and in browsers alone.
const ChatKitFrame = dynamic(() => import("./ChatKitFrame").then((module) => module.ChatKitFrame), {
  ssr: false,
  loading: ChatLoading,
});
const ChatPanel = dynamic(() => import("@widgetstream/react").then((module) => module.ChatPanel), {
  ssr: false,
  loading: ChatLoading,
});

const START_SCREEN = { greeting: GREETING, prompts: PROMPTS };
const COMPOSER = { placeholder: PLACEHOLDER };
const THREAD = "thread";

/** The chat with the assistant: ChatKit's element where that is chosen and can be had, else the built-in panel. */
export function ChatPane({
  client,
  session,
  frontend,
  chatkit,
  imageDomains,
  theme,
  nonce,
  onClientEffect,
}: ChatPaneProps) {
  const [failure, setFailure] = useState<string>();
  const [failedBefore] = useState(() => window.sessionStorage.getItem(CHATKIT_FAILED) !== null);
  const [threadId, setThreadId] = useThreadOfAddress();
  const scheme = useScheme(theme);
  const fail = useCallback((reason: string) => {
    console.info(`ChatKit's element is not used: ${reason}`);
    // Until the tab is closed nobody waits for it again.
    window.sessionStorage.setItem(CHATKIT_FAILED, reason);
    setFailure(reason);
  }, []);
  return (
    <section className={styles.pane} aria-label="Assistant">
      {failure !== undefined && (
        <p className={styles.notice} role="status">
          ChatKit's element could not be loaded, so the built-in panel is here in its place.
          <button type="button" onClick={() => chooseFrontend("built-in")}>
            Always use it
          </button>
        </p>
      )}
      <div className={styles.body}>
        {frontend === "chatkit" && failure === undefined && !failedBefore ? (
          <ChatKitFrame
            session={session}
            settings={chatkit}
            scheme={scheme}
            nonce={nonce}
            threadId={threadId}
            onThreadChange={setThreadId}
            onClientEffect={onClientEffect}
            onFail={fail}
          />
        ) : (
          <ChatPanel
            client={client}
            threadId={threadId}
            onThreadChange={setThreadId}
            startScreen={START_SCREEN}
            composer={COMPOSER}
            imageDomains={imageDomains}
            theme={scheme}
            onClientEffect={onClientEffect}
          />
        )}
      </div>
    </section>
  );
}

/** Which conversation is open: in the page's address, so that a reload goes on where it was. */
function useThreadOfAddress(): [string | undefined, (threadId: string | undefined) => void] {
  const [threadId, setThreadId] = useState(() => new URLSearchParams(window.location.search).get(THREAD) ?? undefined);
  const change = useCallback((changed: string | undefined) => {
    setThreadId(changed);
    const address = new URL(window.location.href);
    if (changed) address.searchParams.set(THREAD, changed);
    else address.searchParams.delete(THREAD);
    window.history.replaceState(null, "", address);
  }, []);
  return [threadId, change];
}

function useScheme(theme: Theme): "light" | "dark" {
  const dark = useSyncExternalStore(subscribeToScheme, () => window.matchMedia(DARK).matches);
  return theme === "system" ? (dark ? "dark" : "light") : theme;
}

const DARK = "(prefers-color-scheme: dark)";

function subscribeToScheme(listener: () => void): () => void {
  const query = window.matchMedia(DARK);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}
