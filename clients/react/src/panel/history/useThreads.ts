import type { Thread, WidgetstreamClient } from "@widgetstream/client";
import { useCallback, useEffect, useRef, useState } from "react";

const PAGE = 20;

/** The threads of a person, as far as they were asked for, the last changed first. */
export interface Threads {
  threads: readonly Thread[];
  state: "loading" | "ready" | "failed";
  hasMore: boolean;
  /** Loads the next page, or again what failed. */
  more(): void;
  rename(threadId: string, title: string): Promise<void>;
  remove(threadId: string): Promise<void>;
}

/** Lists threads page by page while `open`, anew each time it is opened. */
export function useThreads(client: WidgetstreamClient, open: boolean, onFailure: (error: unknown) => void): Threads {
  const [threads, setThreads] = useState<readonly Thread[]>([]);
  const [state, setState] = useState<Threads["state"]>("loading");
  const [token, setToken] = useState("");
  const lifetime = useRef<AbortController>(undefined);
  const failed = useRef(onFailure);
  failed.current = onFailure;

  const load = useCallback(
    async (pageToken: string) => {
      const signal = lifetime.current?.signal;
      if (!signal) return;
      setState("loading");
      try {
        const page = await client.chatkit.listThreads({ pageSize: PAGE, pageToken }, { signal });
        if (signal.aborted) return;
        setThreads((before) => (pageToken ? joined(before, page.threads) : page.threads));
        setToken(page.nextPageToken);
        setState("ready");
      } catch (error) {
        if (signal.aborted) return;
        setState("failed");
        failed.current(error);
      }
    },
    [client],
  );

  useEffect(() => {
    if (!open) return undefined;
    lifetime.current = new AbortController();
    void load("");
    return () => lifetime.current?.abort();
  }, [open, load]);

  const rename = async (threadId: string, title: string) => {
    const renamed = await client.updateThread(threadId, title);
    setThreads((before) => before.map((thread) => (thread.id === threadId ? renamed : thread)));
  };
  const remove = async (threadId: string) => {
    await client.deleteThread(threadId);
    setThreads((before) => before.filter((thread) => thread.id !== threadId));
  };
  return { threads, state, hasMore: token !== "", more: () => void load(token), rename, remove };
}

function joined(before: readonly Thread[], next: readonly Thread[]): readonly Thread[] {
  const ids = new Set(before.map(({ id }) => id));
  return [...before, ...next.filter(({ id }) => !ids.has(id))];
}
