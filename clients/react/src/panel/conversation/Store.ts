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

  /** Adds a note after the last item. An error takes the place of another there: a run tells of its end twice. */
  note(note: Omit<Note, "key" | "after">): void {
    this.#notes += 1;
    const key = `note-${this.#notes}`;
    this.change(({ notes, thread }) => {
      const after = thread.items.at(-1)?.id;
      const others = notes.filter((each) => note.kind === "notice" || each.kind !== note.kind || each.after !== after);
      return { notes: [...others, { ...note, key, after }] };
    });
  }

  /** Adds a note that something was refused. */
  noteRefusal(text: string): void {
    this.note({ kind: "refused", level: NoticeLevel.DANGER, title: "", text, retry: false });
  }

  #publish(): void {
    if (this.shown === this.state) return;
    this.shown = this.state;
    for (const listener of this.#listeners) listener();
  }
}
