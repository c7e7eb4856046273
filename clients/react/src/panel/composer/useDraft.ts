import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Conversation } from "../conversation/Conversation.js";
import { type Draft, EMPTY_DRAFT } from "./draft.js";
import { joinDrafts, type KeptDraft, loadDraft, saveDraft } from "./draftStorage.js";

/** What the person is writing in a conversation. */
export interface DraftState {
  draft: Draft;
  change(how: (draft: Draft) => Draft): void;
  /** Empties the field for a message that is sent. It stays kept until it is settled. */
  take(): Draft;
  /** Tells what became of a message that was taken. One that was refused is put back, before what was typed since. */
  settle(taken: Draft, accepted: boolean): void;
}

interface Kept extends KeptDraft {
  conversation: Conversation;
  threadId: string | undefined;
}

/** Keeps what is written, per thread. When a new conversation gets its id, what has been typed since goes with it. */
export function useDraft(conversation: Conversation, threadId: string | undefined): DraftState {
  const kept = useRef<Kept>(undefined);
  if (kept.current?.conversation !== conversation) {
    kept.current = { conversation, threadId, draft: loadDraft(threadId), sending: [] };
  }
  const [, redraw] = useState(0);

  useEffect(() => {
    const { current } = kept;
    if (!current || current.threadId === threadId) return;
    saveDraft(current.threadId, { draft: EMPTY_DRAFT, sending: [] });
    current.threadId = threadId;
    saveDraft(threadId, current);
  }, [threadId]);

  const set = useCallback((how: (kept: KeptDraft) => Partial<KeptDraft>) => {
    if (!kept.current) return;
    Object.assign(kept.current, how(kept.current));
    const { draft, sending } = kept.current;
    saveDraft(kept.current.threadId, { draft, sending });
    redraw((count) => count + 1);
  }, []);

  const actions = useMemo(
    () => ({
      change: (how: (draft: Draft) => Draft) => set(({ draft }) => ({ draft: how(draft) })),
      take: () => {
        const taken = kept.current?.draft ?? EMPTY_DRAFT;
        set(({ sending }) => ({ draft: EMPTY_DRAFT, sending: [...sending, taken] }));
        return taken;
      },
      settle: (taken: Draft, accepted: boolean) =>
        set(({ draft, sending }) => ({
          draft: accepted ? draft : joinDrafts([taken, draft]),
          sending: sending.filter((each) => each !== taken),
        })),
    }),
    [set],
  );
  return { draft: kept.current.draft, ...actions };
}
