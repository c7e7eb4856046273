import { Markdown as MarkdownText } from "../../markdown/Markdown.js";
import type { ComponentProps } from "../component.js";
import { useEnvironment } from "../host.js";
import { named } from "../WidgetNode.js";

/** A text in markdown. */
export function Markdown({ value, widget }: ComponentProps<"markdown">) {
  const { imageDomains } = useEnvironment();
  return (
    <div className="ws-widget-markdown" {...named(widget)}>
      <MarkdownText text={value.value} streaming={value.streaming} imageDomains={imageDomains} />
    </div>
  );
}
