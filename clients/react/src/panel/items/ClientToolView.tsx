import { type ClientToolCallItem, ClientToolCallStatus } from "@widgetstream/client";
import { memo } from "react";
import { Icon } from "../../icons/index.js";
import type { ClientToolState } from "../conversation/state.js";
import { usePanel } from "../PanelContext.js";

/** Work that the assistant asked the page for. A quiet line; a button where it failed. */
export const ClientToolView = memo(function ClientToolView({
  itemId,
  call,
  state,
}: {
  itemId: string;
  call: ClientToolCallItem;
  state: ClientToolState | undefined;
}) {
  const { texts, conversation } = usePanel();
  const done = call.status === ClientToolCallStatus.COMPLETED;
  const failed = !done && state === "failed";
  return (
    <div className="wsp-tool">
      <Icon name={done ? "check-circle" : failed ? "circle-question" : "bolt"} />
      <span className={done || failed ? undefined : "wsp-shimmer"}>
        {done
          ? texts.clientToolDone(call.name)
          : failed
            ? texts.clientToolFailed(call.name)
            : texts.clientTool(call.name)}
      </span>
      {failed && (
        <button type="button" className="wsp-link" onClick={() => conversation.runClientTool(itemId)}>
          {texts.tryAgain}
        </button>
      )}
    </div>
  );
});
