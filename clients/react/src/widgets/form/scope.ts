import type { JsonValue } from "@bufbuild/protobuf";
import { createContext } from "react";

/** A field of a form. */
export interface Field {
  name: string;
  /** The element that carries the field, for its place among the others. */
  element(): HTMLElement | null;
  /** The value, or undefined where the field says nothing, such as a group without a choice. */
  read(): JsonValue | undefined;
  /** Shows what is wrong with the value, if anything is; returns whether it is right. */
  validate(): boolean;
  focus(): void;
}

/** The fields of one form: an HTML form, or a card that is one. */
export class FormScope {
  readonly #fields = new Set<Field>();

  /** Adds a field; returns what takes it away again. */
  add(field: Field): () => void {
    this.#fields.add(field);
    return () => this.#fields.delete(field);
  }

  /** Returns the values of all fields, in the order of the page. Of fields of one name the last one counts. */
  values(): Map<string, JsonValue> {
    const values = new Map<string, JsonValue>();
    for (const field of this.#inOrder()) {
      const value = field.read();
      if (field.name && value !== undefined) values.set(field.name, value);
    }
    return values;
  }

  /** Shows what is wrong, and puts the focus on the first field that is. Returns whether all are right. */
  validate(): boolean {
    const wrong = this.#inOrder().filter((field) => !field.validate());
    wrong[0]?.focus();
    return wrong.length === 0;
  }

  #inOrder(): Field[] {
    return [...this.#fields].sort((one, other) => {
      const [first, second] = [one.element(), other.element()];
      if (!first || !second) return 0;
      return first.compareDocumentPosition(second) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
    });
  }
}

/** The form around a component. */
export const FormContext = createContext<FormScope | null>(null);

/** What a submit button does, and whether the form is busy with it. */
export interface FormSubmission {
  /** The form has an action of its own; otherwise a submit button's own action is sent once all fields are right. */
  hasAction: boolean;
  /** The form is an HTML form, which a button of type `submit` submits. One inside another form cannot be. */
  native: boolean;
  submit(): void;
  pending: boolean;
  blocked: boolean;
}

export const SubmissionContext = createContext<FormSubmission | null>(null);
