import type { WidgetStatus } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import { Icon } from "../../icons/Icon.js";
import { safeImage } from "../../markdown/links.js";
import { useEnvironment } from "../host.js";

/** The line above a card or a list that says what it is about. */
export function Status({ status }: { status: WidgetStatus }) {
  const { imageDomains } = useEnvironment();
  const favicon = safeImage(status.favicon, imageDomains);
  return (
    <header className="ws-status">
      {status.icon && <Icon name={status.icon} />}
      {favicon && (
        <img
          src={favicon}
          alt=""
          className={status.frame ? "ws-status__favicon ws-status__favicon--frame" : "ws-status__favicon"}
          referrerPolicy="no-referrer"
        />
      )}
      <span>{status.text}</span>
    </header>
  );
}
