import type { Action } from "@widgetstream/client/gen/widgetstream/chatkit/v1/action_pb";
import { createContext, useContext } from "react";
import type { ActionSource } from "./action/source.js";

/** What components need of the view that holds them. One object for a view's whole life, so nothing renders for it. */
export interface WidgetHost {
  /** The thread item that the widget is. */
  itemId(): string | undefined;
  /** Hands an action to the application. */
  dispatch(action: Action, source: ActionSource): Promise<void> | void;
  /** Shows the whole widget as busy until the promise settles. */
  hold(work: Promise<void>): void;
  /** What people have typed, by field; it survives a field's move to another place of the tree. */
  readonly drafts: Map<string, Draft>;
}

/** What a person has made of a field that began with `initial`. */
export interface Draft {
  initial: unknown;
  value: unknown;
}

/** What changes seldom, and what few components read. */
export interface WidgetEnvironment {
  /** Nothing can be used. */
  disabled: boolean;
  /** An answer is being streamed: what would start another run waits. */
  streaming: boolean;
  imageDomains: readonly string[];
  /** BCP 47; undefined: the browser's. */
  locale?: string;
}

export const HostContext = createContext<WidgetHost | null>(null);
export const EnvironmentContext = createContext<WidgetEnvironment>({
  disabled: false,
  streaming: false,
  imageDomains: [],
});

/** Returns the view's host. Throws outside of a `WidgetView`. */
export function useHost(): WidgetHost {
  const host = useContext(HostContext);
  if (!host) throw new Error("A component of a widget stands outside of a WidgetView.");
  return host;
}

export function useEnvironment(): WidgetEnvironment {
  return useContext(EnvironmentContext);
}
