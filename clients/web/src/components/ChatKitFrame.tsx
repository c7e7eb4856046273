"use client";

import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { useEffect, useRef, useState } from "react";
import type { ChatKitSettings } from "@/server/settings";
import { chatKitOptions, loadChatKit, READY_MS } from "@/services/chat/chatkit";
import type { Session } from "@/services/session/session";
import { ChatLoading } from "./ChatLoading";
import styles from "./ChatPane.module.css";

interface ChatKitFrameProps {
  session: Session;
  settings: ChatKitSettings;
  scheme: "light" | "dark";
  nonce: string;
  threadId: string | undefined;
  onThreadChange: (threadId: string | undefined) => void;
  onClientEffect: (name: string, data: Record<string, unknown>) => void;
  /** The element cannot be had: something else has to draw the chat. */
  onFail: (reason: string) => void;
}

/** The chat as ChatKit's own element draws it. */
export function ChatKitFrame(props: ChatKitFrameProps) {
  const { settings, nonce } = props;
  const [loaded, setLoaded] = useState(false);
  const fail = useRef(props.onFail);
  fail.current = props.onFail;
  useEffect(() => {
    let here = true;
    loadChatKit(settings.script, nonce).then(
      () => here && setLoaded(true),
      (error: Error) => here && fail.current(error.message),
    );
    return () => {
      here = false;
    };
  }, [settings.script, nonce]);
  return loaded ? <Element {...props} /> : <ChatLoading />;
}

function Element({ session, settings, scheme, threadId, onThreadChange, onClientEffect, onFail }: ChatKitFrameProps) {
  const [ready, setReady] = useState(false);
  // The element keeps its own conversation; what it starts with is said once.
  const [firstThread] = useState(threadId);
  const [options] = useState(() => chatKitOptions(session, settings, scheme, firstThread));
  const { control } = useChatKit({
    ...options,
    theme: scheme,
    onReady: () => setReady(true),
    onThreadChange: ({ threadId: changed }) => onThreadChange(changed ?? undefined),
    onEffect: ({ name, data }) => onClientEffect(name, data ?? {}),
    onError: ({ error }) => console.warn("ChatKit's element:", error.message),
  });
  const fail = useRef(onFail);
  fail.current = onFail;
  useEffect(() => {
    if (ready) return;
    const timer = setTimeout(() => fail.current(`the element was not ready after ${READY_MS} ms`), READY_MS);
    return () => clearTimeout(timer);
  }, [ready]);
  return (
    <>
      {!ready && <ChatLoading />}
      <ChatKit control={control} className={styles.element} aria-label="Chat" />
    </>
  );
}
