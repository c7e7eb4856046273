import { NoticeLevel, type ThreadState } from "@widgetstream/client";
import { Frames } from "./frames.js";
import { type ConversationState, initialState, type Note } from "./state.js";

/** The state of a conversation, and who wants to know of it. Many changes within a frame are told once. */
export class Store {
  /** As it is now. */
  state: ConversationState;
  /** As it was told last. */
  shown: ConversationState;
  readonly #listeners = new Set<() => void>();
  readonly #frames = new Frames(() => this.#publish());
  #notes = 0;

  constructor(threadId: string | undefined) {
    this.state = initialState(threadId);
    this.shown = this.state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Changes the state; what is left out stays. */
  change(how: (state: ConversationState) => Partial<ConversationState>): void {
    this.state = { ...this.state, ...how(this.state) };
    this.#frames.request();
  }

  /** Changes the thread. */
  fold(how: (thread: ThreadState) => ThreadState): void {
    this.change(({ thread }) => ({ thread: how(thread) }));
  }

  /** Tells what has changed at once. */
  settle(): void {
    this.#frames.flushNow();
  }

  /** Adds a note after the last item. */
  note(note: Omit<Note, "key" | "after">): void {
    this.#notes += 1;
    const key = `note-${this.#notes}`;
    this.change(({ notes, thread }) => ({ notes: [...notes, { ...note, key, after: thread.items.at(-1)?.id }] }));
  }

  /** Adds a note that something failed. The same words stand at the end once. */
  noteError(text: string, retry = false): void {
    const after = this.state.thread.items.at(-1)?.id;
    this.change(({ notes }) => ({
      notes: notes.filter((note) => note.kind !== "error" || note.text !== text || note.after !== after),
    }));
    this.note({ kind: "error", level: NoticeLevel.DANGER, title: "", text, retry });
  }

  #publish(): void {
    if (this.shown === this.state) return;
    this.shown = this.state;
    for (const listener of this.#listeners) listener();
  }
}
