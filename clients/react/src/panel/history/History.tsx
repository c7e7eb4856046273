import type { WidgetstreamClient } from "@widgetstream/client";
import { useEffect, useRef, useState } from "react";
import { Icon } from "../../icons/index.js";
import { inWords } from "../conversation/trouble.js";
import { usePanel } from "../PanelContext.js";
import type { HistoryOptions } from "../types.js";
import { byDay } from "./days.js";
import { HistoryEntry } from "./HistoryEntry.js";
import { useThreads } from "./useThreads.js";

/** The list of earlier conversations, over the panel. Escape, and a press beside it, close it. */
export function History({
  client,
  options,
  current,
  onOpen,
  onClose,
  onDeleted,
  onError,
}: {
  client: WidgetstreamClient;
  options: HistoryOptions;
  /** The conversation that is open. */
  current: string;
  onOpen(threadId: string | undefined): void;
  onClose(): void;
  /** A conversation is gone. */
  onDeleted(threadId: string): void;
  onError(error: unknown): void;
}) {
  const { texts } = usePanel();
  const root = useRef<HTMLDivElement>(null);
  const [trouble, setTrouble] = useState("");
  const { threads, state, hasMore, more, rename, remove } = useThreads(client, true, onError);

  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    root.current?.querySelector<HTMLElement>("button")?.focus();
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) close.current();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);

  // The button that asks for more goes when there is no more: the first of those that came gets the focus.
  const [asked, setAsked] = useState<number>();
  useEffect(() => {
    if (asked === undefined || threads.length <= asked) return;
    root.current?.querySelectorAll<HTMLElement>(".wsp-thread-open")[asked]?.focus();
    setAsked(undefined);
  }, [asked, threads.length]);

  const attempt = async (work: Promise<void>, then?: () => void) => {
    setTrouble("");
    try {
      await work;
      then?.();
    } catch (error) {
      setTrouble(inWords(error, texts));
      onError(error);
    }
  };
  return (
    <div
      className="wsp-history-root"
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div ref={root} className="wsp-history" role="dialog" aria-modal="true" aria-label={texts.history}>
        <div className="wsp-history-head">
          <h2>{texts.history}</h2>
          <button
            type="button"
            className="wsp-icon-button"
            onClick={onClose}
            aria-label={texts.closeHistory}
            title={texts.closeHistory}
          >
            <Icon name="x" />
          </button>
        </div>
        <button type="button" className="wsp-thread-new" onClick={() => onOpen(undefined)}>
          <Icon name="notebook-pencil" />
          {texts.newThread}
        </button>
        {trouble && (
          <p className="wsp-hint" role="alert">
            {trouble}
          </p>
        )}
        <div className="wsp-history-list" aria-busy={state === "loading"}>
          {byDay(threads, new Date(), texts).map((day) => (
            <section key={day.name} aria-label={day.name}>
              <h3>{day.name}</h3>
              <ul>
                {day.threads.map((thread) => (
                  <li key={thread.id}>
                    <HistoryEntry
                      thread={thread}
                      current={thread.id === current}
                      onOpen={() => onOpen(thread.id)}
                      onRename={
                        options.showRename === false ? undefined : (title) => void attempt(rename(thread.id, title))
                      }
                      onDelete={
                        options.showDelete === false
                          ? undefined
                          : () => void attempt(remove(thread.id), () => onDeleted(thread.id))
                      }
                    />
                  </li>
                ))}
              </ul>
            </section>
          ))}
          {state === "ready" && threads.length === 0 && <p className="wsp-quiet">{texts.noThreads}</p>}
          {state === "loading" && <span className="wsp-spinner" role="img" aria-label={texts.loading} />}
          {state === "failed" && (
            <p className="wsp-quiet" role="alert">
              {texts.historyFailed}{" "}
              <button type="button" className="wsp-link" onClick={more}>
                {texts.tryAgain}
              </button>
            </p>
          )}
          {state === "ready" && hasMore && (
            <button
              type="button"
              className="wsp-link"
              onClick={() => {
                setAsked(threads.length);
                more();
              }}
            >
              {texts.moreThreads}
            </button>
          )}
        </div>
      </div>
    </div>
  );
}
