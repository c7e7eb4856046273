import type { AssistantMessageItem } from "@widgetstream/client";
import { memo, useId, useMemo } from "react";
import { Markdown } from "../../markdown/index.js";
import { usePanel } from "../PanelContext.js";
import { CITED, CitationContext } from "./CitedLink.js";
import { CitedSources } from "./CitedSources.js";
import { type Citation, cite } from "./citations.js";

/** What the assistant said: markdown that grows, with its sources as footnotes. */
export const AssistantMessage = memo(function AssistantMessage({
  message,
  streaming,
}: {
  message: AssistantMessageItem;
  streaming: boolean;
}) {
  const { imageDomains } = usePanel();
  const scope = useId();
  const { parts, citations } = useMemo(() => {
    let citations: readonly Citation[] = [];
    const parts = message.content.map((part) => {
      const cited = cite(part, citations);
      citations = cited.citations;
      return cited.text;
    });
    return { parts, citations };
  }, [message]);
  const cited = useMemo(() => ({ citations, scope }), [citations, scope]);
  return (
    <CitationContext.Provider value={cited}>
      {parts.map((text, index) => (
        <Markdown
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no names, and never change places
          key={index}
          text={text}
          streaming={streaming && index === parts.length - 1}
          imageDomains={imageDomains}
          components={CITED}
        />
      ))}
      <CitedSources citations={citations} scope={scope} />
    </CitationContext.Provider>
  );
});
