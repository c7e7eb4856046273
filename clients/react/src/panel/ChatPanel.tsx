import { useEffect, useMemo, useRef, useState } from "react";
import { loadMarkdown } from "../markdown/index.js";
import { ThemeProvider } from "../theme/index.js";
import { Announcer } from "./Announcer.js";
import { Banner } from "./Banner.js";
import { Composer, type ComposerHandle } from "./composer/Composer.js";
import { useChoices } from "./composer/useChoices.js";
import { useConversation } from "./conversation/useConversation.js";
import { Header } from "./Header.js";
import { History } from "./history/History.js";
import { Loading } from "./Loading.js";
import { PanelContext } from "./PanelContext.js";
import { ConversationLog } from "./scroll/ConversationLog.js";
import { StartScreenView } from "./start/StartScreenView.js";
import { isRightToLeft, textsFor } from "./texts/index.js";
import type { ChatPanelProps } from "./types.js";
import { useDrop } from "./useDrop.js";
import { usePageHooks } from "./usePageHooks.js";
import { useThreadId } from "./useThreadId.js";

const NO_DOMAINS: readonly string[] = [];

/** A chat with the assistant. Needs `@widgetstream/react/styles.css` on the page, and a height from what holds it. */
export function ChatPanel(props: ChatPanelProps) {
  const { client, composer = {}, history = true, header = true, startScreen = {}, entities } = props;
  const locale = props.locale ?? globalThis.navigator?.language ?? "en";
  const texts = useMemo(() => textsFor(locale, props.texts), [locale, props.texts]);
  const [threadId, setThreadId] = useThreadId(props);
  const hooks = usePageHooks(props, texts, setThreadId);
  const { conversation, state } = useConversation(client, threadId, hooks);
  const [showsHistory, setShowsHistory] = useState(false);
  const [said, setSaid] = useState("");
  const choices = useChoices(composer);
  const field = useRef<ComposerHandle>(null);
  const historyButton = useRef<HTMLButtonElement>(null);
  const { thread, phase, connection } = state;

  const allowed = thread.thread?.allowedImageDomains?.domains ?? props.imageDomains ?? NO_DOMAINS;
  const domains = allowed.join("\n");
  const panel = useMemo(
    () => ({
      texts,
      locale,
      conversation,
      imageDomains: domains ? domains.split("\n") : NO_DOMAINS,
      entities,
      feedback: props.feedback ?? true,
      announce: setSaid,
      quote: (text: string) => field.current?.quote(text),
    }),
    [texts, locale, conversation, domains, entities, props.feedback],
  );

  // A screen keyboard would cover the page: only where there is none does the field get the focus by itself.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each conversation that is opened gets it
  useEffect(() => {
    if (globalThis.matchMedia?.("(pointer: fine)").matches) field.current?.focus();
  }, [conversation]);

  // So that no answer has to wait for it.
  useEffect(() => void loadMarkdown(), []);

  const takesFiles = composer.attachments !== false && composer.attachments?.enabled !== false;
  const { over, handlers } = useDrop(takesFiles ? (files) => field.current?.addFiles(files) : undefined);

  // What is behind the list cannot have the focus before the list is gone.
  const focusNext = useRef<() => void>(undefined);
  useEffect(() => {
    if (showsHistory) return;
    focusNext.current?.();
    focusNext.current = undefined;
  }, [showsHistory]);
  const closeHistory = () => {
    focusNext.current = () => historyButton.current?.focus();
    setShowsHistory(false);
  };
  const open = (id: string | undefined) => {
    focusNext.current = () => field.current?.focus();
    setShowsHistory(false);
    setThreadId(id);
    field.current?.focus();
  };
  const isEmpty = phase === "new" && thread.items.length === 0;

  return (
    <ThemeProvider
      theme={props.theme}
      className={props.className ? `wsp-theme ${props.className}` : "wsp-theme"}
      direction={isRightToLeft(locale) ? "rtl" : undefined}
    >
      <PanelContext.Provider value={panel}>
        <section className="wsp-panel" aria-label={texts.panel} lang={locale} {...handlers}>
          <div className="wsp-main" inert={showsHistory}>
            {header !== false && (
              <Header
                title={thread.thread?.title}
                options={header === true ? {} : header}
                historyButton={historyButton}
                onHistory={history === false ? undefined : () => setShowsHistory(true)}
                onNew={isEmpty ? undefined : () => open(undefined)}
              />
            )}
            <Banner connection={connection} />
            {isEmpty ? (
              <StartScreenView screen={startScreen} notes={state.notes} />
            ) : phase === "ready" || thread.items.length > 0 ? (
              <ConversationLog key={`log-${conversation.key}`} state={state} />
            ) : (
              <Loading error={phase === "failed" ? state.loadError : undefined} />
            )}
            <Composer
              key={`composer-${conversation.key}`}
              ref={field}
              client={client}
              options={composer}
              choices={choices}
              state={state}
            />
          </div>
          {over && <div className="wsp-drop">{texts.dropHere}</div>}
          {showsHistory && (
            <History
              client={client}
              options={typeof history === "object" ? history : {}}
              current={thread.threadId}
              onOpen={open}
              onClose={closeHistory}
              onDeleted={(id) => {
                if (id === thread.threadId) setThreadId(undefined);
              }}
              onError={(error) => props.onError?.(error)}
            />
          )}
          <Announcer key={`announcer-${conversation.key}`} state={state} texts={texts} said={said} />
        </section>
      </PanelContext.Provider>
    </ThemeProvider>
  );
}
