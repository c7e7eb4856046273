import { createContext } from "react";

/** Which label names which field; labels and fields find each other by the field's name, wherever they stand. */
export class LabelRegistry {
  readonly #labels = new Map<string, string[]>();
  readonly #listeners = new Set<() => void>();

  /** Adds a label's element for a field's name; returns what takes it away. */
  add(name: string, labelId: string): () => void {
    this.#labels.set(name, [...(this.#labels.get(name) ?? []), labelId]);
    this.#notify();
    return () => {
      const left = (this.#labels.get(name) ?? []).filter((id) => id !== labelId);
      if (left.length > 0) this.#labels.set(name, left);
      else this.#labels.delete(name);
      this.#notify();
    };
  }

  labelOf(name: string): string | undefined {
    return this.#labels.get(name)?.[0];
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

export const LabelsContext = createContext(new LabelRegistry());
