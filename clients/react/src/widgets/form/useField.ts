import type { JsonValue } from "@bufbuild/protobuf";
import { type RefObject, useCallback, useContext, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { useHost } from "../host.js";
import { FormContext } from "./scope.js";

export interface FieldOptions<T> {
  /** Names the field in its form. */
  name: string;
  /** The component's id, which tells fields of one name apart. */
  id?: string;
  /** The value that the server set. */
  initial: T;
  /** The element that is focused, and whose validity counts. */
  element: RefObject<HTMLElement | null>;
  /** Returns the value as it is sent; undefined: nothing. */
  toJson(value: T): JsonValue | undefined;
}

export interface FieldState<T> {
  value: T;
  change(value: T): void;
  /** What is wrong with the value, once it was to be sent. */
  error: string | undefined;
  /** Attributes that tie the element to its error and its label. */
  attributes: { "aria-invalid": true | undefined; "aria-describedby": string | undefined };
  errorId: string;
}

/**
 * The value of a field.
 *
 * What a person has entered stays until the server sets another value than before: then a field that nobody touched
 * takes it, and one that somebody changed keeps what was entered.
 */
export function useField<T extends string | boolean>(options: FieldOptions<T>): FieldState<T> {
  const { name, id, initial, element, toJson } = options;
  const { drafts } = useHost();
  const key = id ?? `name:${name}`;
  const scope = useContext(FormContext);
  const errorId = useId();
  const [error, setError] = useState<string>();
  const [value, setValue] = useState<T>(() => {
    const draft = drafts.get(key);
    return draft && draft.initial === initial ? (draft.value as T) : initial;
  });
  const [known, setKnown] = useState(initial);
  if (known !== initial) {
    setKnown(initial);
    if (value === known) setValue(initial);
  }

  const latest = useRef({ value, initial, toJson });
  useLayoutEffect(() => {
    latest.current = { value, initial, toJson };
  });

  useEffect(() => {
    if (!scope) return;
    return scope.add({
      name,
      element: () => element.current,
      read: () => latest.current.toJson(latest.current.value),
      validate: () => {
        const message = messageOf(element.current);
        setError(message);
        return message === undefined;
      },
      focus: () => element.current?.focus(),
    });
  }, [scope, name, element]);

  // A draft outlives its field by one update: enough for a field that moves, and no trap for one that comes back later.
  useEffect(() => {
    return () => {
      const draft = drafts.get(key);
      setTimeout(() => drafts.get(key) === draft && drafts.delete(key));
    };
  }, [drafts, key]);

  const change = useCallback(
    (next: T) => {
      latest.current.value = next;
      drafts.set(key, { initial: latest.current.initial, value: next });
      setValue(next);
      setError((shown) => (shown === undefined ? shown : undefined));
    },
    [drafts, key],
  );

  const attributes = {
    "aria-invalid": error === undefined ? undefined : true,
    "aria-describedby": error === undefined ? undefined : errorId,
  } as const;
  return { value, change, error, attributes, errorId };
}

function messageOf(element: HTMLElement | null): string | undefined {
  const input = validatable(element);
  if (!input || input.validity.valid) return undefined;
  return input.validationMessage || "This value does not fit.";
}

type Validatable = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function validatable(element: HTMLElement | null): Validatable | null {
  if (!element) return null;
  return "validity" in element
    ? (element as Validatable)
    : element.querySelector<Validatable>("input, textarea, select");
}
