import {
  type Action,
  type ActionConfig,
  ActionHandler as Handler,
  LoadingBehavior as Loading,
} from "@widgetstream/client/gen/widgetstream/chatkit/v1/action_pb";

export type LoadingBehavior = "auto" | "none" | "self" | "container";

/** Where an action comes from, and what its component asks for. */
export interface ActionSource {
  /** The thread item that the widget is, if the view was told. */
  itemId?: string;
  /** `client`: the page handles it, and the server never gets it. */
  handler: "server" | "client";
  loadingBehavior: LoadingBehavior;
  /** True: the action starts a run. False: it is answered at once, also while an answer streams. */
  streaming: boolean;
}

/**
 * Does what a person triggered. While the promise is open, the widget shows that it is busy, as the action asks for.
 * A rejection ends that and is otherwise the handler's own: the widget reports no errors.
 */
export type ActionHandler = (action: Action, source: ActionSource) => Promise<void> | void;

const BEHAVIORS: Readonly<Record<Loading, LoadingBehavior>> = {
  [Loading.UNSPECIFIED]: "auto",
  [Loading.AUTO]: "auto",
  [Loading.NONE]: "none",
  [Loading.SELF]: "self",
  [Loading.CONTAINER]: "container",
};

/** Returns what an action's configuration says, with ChatKit's defaults. */
export function sourceOf(config: ActionConfig, itemId: string | undefined): ActionSource {
  return {
    itemId,
    handler: config.handler === Handler.CLIENT ? "client" : "server",
    loadingBehavior: BEHAVIORS[config.loadingBehavior ?? Loading.UNSPECIFIED] ?? "auto",
    streaming: config.streaming ?? true,
  };
}
