import type { JsonValue } from "@bufbuild/protobuf";
import type { ActionConfig } from "@widgetstream/client/gen/widgetstream/chatkit/v1/action_pb";
import { useCallback, useContext, useRef, useState } from "react";
import { FormContext, type FormScope } from "../form/scope.js";
import { useEnvironment, useHost } from "../host.js";
import { toAction } from "./payload.js";
import { type LoadingBehavior, sourceOf } from "./source.js";

export interface ActionTrigger {
  /**
   * Sends the action with the form's values and those given. Does nothing while it is under way already, or blocked.
   * Settles when the application has handled it.
   */
  run(extra?: ReadonlyMap<string, JsonValue>): Promise<void>;
  /** The action is under way, and its component shows it. */
  pending: boolean;
  /** The action cannot be sent now. */
  blocked: boolean;
}

const NOTHING: ReadonlyMap<string, JsonValue> = new Map();

/**
 * Wires a component's action.
 *
 * @param config the action; undefined: there is none, and nothing is sent.
 * @param auto what `auto` means for this component.
 * @param own the form that the component itself is; otherwise the form around it counts.
 */
export function useAction(
  config: ActionConfig | undefined,
  auto: Exclude<LoadingBehavior, "auto">,
  own?: FormScope,
): ActionTrigger {
  const host = useHost();
  const around = useContext(FormContext);
  const form = own ?? around;
  const { disabled, streaming } = useEnvironment();
  const [pending, setPending] = useState(false);
  const underWay = useRef(false);
  const source = config && sourceOf(config, host.itemId());
  const blocked = disabled || (streaming && source?.handler === "server" && source.streaming);

  const run = useCallback(
    async (extra: ReadonlyMap<string, JsonValue> = NOTHING) => {
      if (!config?.type || blocked || underWay.current) return;
      const current = sourceOf(config, host.itemId());
      const behavior = current.loadingBehavior === "auto" ? auto : current.loadingBehavior;
      const action = toAction(config, new Map([...(form?.values() ?? NOTHING), ...extra]));
      const work = start(() => host.dispatch(action, current));
      if (!work) return;
      // Without a loading state a second use is a second action: a checkbox may be clicked twice in a row.
      if (behavior === "none") return work;
      underWay.current = true;
      if (behavior === "container") host.hold(work);
      else setPending(true);
      await work;
      underWay.current = false;
      setPending(false);
    },
    [config, blocked, auto, form, host],
  );
  return { run, pending, blocked };
}

// The application reports its own failures; here they end the waiting.
function start(send: () => Promise<void> | void): Promise<void> | undefined {
  try {
    const sent = send();
    return sent instanceof Promise || typeof (sent as PromiseLike<void> | undefined)?.then === "function"
      ? Promise.resolve(sent).catch(report)
      : undefined;
  } catch (error) {
    report(error);
    return undefined;
  }
}

function report(error: unknown): void {
  console.error("Widget: an action failed.", error);
}
