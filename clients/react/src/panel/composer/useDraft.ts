import { useEffect, useMemo, useState } from "react";
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
  threadId: string | undefined;
}

/**
 * Keeps what is written in a conversation, by its thread. When a new conversation gets its id, what has been typed since
 * goes with it.
 */
export function useDraft(threadId: string | undefined): DraftState {
  const [kept] = useState<Kept>(() => ({ threadId, draft: loadDraft(threadId), sending: [] }));
  const [, redraw] = useState(0);

  useEffect(() => {
    if (kept.threadId === threadId) return;
    saveDraft(kept.threadId, { draft: EMPTY_DRAFT, sending: [] });
    kept.threadId = threadId;
    saveDraft(threadId, kept);
  }, [kept, threadId]);

  const actions = useMemo(() => {
    const set = (changes: Partial<KeptDraft>) => {
      Object.assign(kept, changes);
      saveDraft(kept.threadId, { draft: kept.draft, sending: kept.sending });
      redraw((count) => count + 1);
    };
    return {
      change: (how: (draft: Draft) => Draft) => set({ draft: how(kept.draft) }),
      take: () => {
        const taken = kept.draft;
        set({ draft: EMPTY_DRAFT, sending: [...kept.sending, taken] });
        return taken;
      },
      settle: (taken: Draft, accepted: boolean) =>
        set({
          draft: accepted ? kept.draft : joinDrafts([taken, kept.draft]),
          sending: kept.sending.filter((each) => each !== taken),
        }),
    };
  }, [kept]);
  return { draft: kept.draft, ...actions };
}
