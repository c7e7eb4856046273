import { type Draft, EMPTY_DRAFT, isEmptyDraft } from "./draft.js";

const PREFIX = "widgetstream.draft.";
const inMemory = new Map<string, string>();

/** What is kept: what is being written, and what was sent but not taken yet. */
export interface KeptDraft {
  draft: Draft;
  sending: readonly Draft[];
}

/**
 * What was kept for a thread in this tab. A message that was on its way when the page was left comes back as a draft:
 * better twice before the person's eyes than lost.
 */
export function loadDraft(threadId: string | undefined): Draft {
  const kept = read(PREFIX + (threadId ?? ""));
  if (!kept) return EMPTY_DRAFT;
  try {
    const { draft, sending } = JSON.parse(kept) as Partial<KeptDraft>;
    return joinDrafts([...(sending ?? []), draft ?? EMPTY_DRAFT]);
  } catch {
    return EMPTY_DRAFT;
  }
}

/** Keeps a draft for a thread until the tab is closed; an empty one is forgotten. */
export function saveDraft(threadId: string | undefined, kept: KeptDraft): void {
  const key = PREFIX + (threadId ?? "");
  const value = [kept.draft, ...kept.sending].every(isEmptyDraft) ? undefined : JSON.stringify(kept);
  inMemory.delete(key);
  try {
    if (value === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // The browser keeps nothing for this page, or has no room: memory does, until the page is left.
    if (value !== undefined) inMemory.set(key, value);
  }
}

/** One draft of several, in order. */
export function joinDrafts(drafts: readonly Draft[]): Draft {
  return drafts.reduce((joined, each) => ({
    text: [joined.text, each.text].filter(Boolean).join("\n"),
    mentions: [...joined.mentions, ...each.mentions],
    quote: joined.quote || each.quote,
    files: [...joined.files, ...each.files],
  }));
}

function read(key: string): string | null {
  try {
    return inMemory.get(key) ?? sessionStorage.getItem(key);
  } catch {
    return inMemory.get(key) ?? null;
  }
}
