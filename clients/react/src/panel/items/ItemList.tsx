import { itemKey } from "@widgetstream/client";
import { type ReactNode, useMemo, useRef } from "react";
import type { ConversationState, Note } from "../conversation/state.js";
import { NoteView } from "./NoteView.js";
import { ProgressLine } from "./ProgressLine.js";
import { SpeechView } from "./SpeechView.js";
import { isBlank, type Speech, speechesOf } from "./turns.js";

const NO_NOTES: readonly Note[] = [];
const NO_IDS: ConversationState["thread"]["pendingItemIds"] = new Set();
const NO_PROGRESS: ConversationState["thread"]["imageProgress"] = new Map();
const NO_TOOLS: ConversationState["tools"] = new Map();

/** All items of a conversation, with what is told between them. */
export function ItemList({ state }: { state: ConversationState }): ReactNode {
  const { thread, notes, waiting, answering, tools } = state;
  const before = useRef<readonly Speech[]>([]);
  const speeches = useMemo(() => {
    before.current = speechesOf(thread.items, before.current);
    return before.current;
  }, [thread.items]);
  const known = useMemo(() => new Set(thread.items.map(({ id }) => id)), [thread.items]);
  // Messages that wait their turn stand below the answer that still comes.
  const isLocal = ({ items: [item] }: Speech) => item !== undefined && thread.optimisticItemIds.has(item.id);
  const last = speeches.findLast((speech) => !isLocal(speech));
  const lastAnswer = last?.side === "assistant" ? last : undefined;
  const loose = notes.filter(({ after }) => after === undefined || !known.has(after));
  const isStill = thread.items.every((item) => !thread.pendingItemIds.has(item.id) || isBlank(item));
  return (
    <>
      {speeches.map((speech) => {
        const [item] = speech.items;
        return (
          <SpeechView
            key={item ? itemKey(thread, item) : speech.key}
            speech={speech}
            notes={notesOf(speech, notes)}
            pending={ofInterest(speech, thread.pendingItemIds) ?? NO_IDS}
            imageProgress={ofInterest(speech, thread.imageProgress) ?? NO_PROGRESS}
            tools={ofInterest(speech, tools) ?? NO_TOOLS}
            outgoing={item && isLocal(speech) ? (waiting.has(item.id) ? "waiting" : "sending") : undefined}
            open={answering && speech === lastAnswer}
            last={speech === lastAnswer && !answering}
          />
        );
      })}
      {loose.map((note) => (
        <NoteView key={note.key} note={note} />
      ))}
      {answering && (thread.progress || isStill) && <ProgressLine progress={thread.progress} />}
    </>
  );
}

function notesOf(speech: Speech, notes: readonly Note[]): readonly Note[] {
  if (notes.length === 0) return NO_NOTES;
  const ids = new Set(speech.items.map(({ id }) => id));
  const own = notes.filter(({ after }) => after !== undefined && ids.has(after));
  return own.length > 0 ? own : NO_NOTES;
}

/** What is known by item, if that says anything of a speech: others are not drawn anew when it changes. */
function ofInterest<T extends { has(id: string): boolean }>(speech: Speech, known: T): T | undefined {
  return speech.items.some(({ id }) => known.has(id)) ? known : undefined;
}
