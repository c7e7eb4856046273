import { type ComponentProps, createContext, useContext } from "react";
import { safeLink } from "../../markdown/index.js";
import { CitationMark } from "./CitationMark.js";
import { CITATION_HREF, type Citation } from "./citations.js";

/** The sources of the message that a link stands in, and what the ids of their entries begin with. */
export const CitationContext = createContext<{ citations: readonly Citation[]; scope: string }>({
  citations: [],
  scope: "",
});

/** A link of a message: a mark that stands for a source, or a link as elsewhere. */
function CitedLink({ href, title, children }: ComponentProps<"a">) {
  const { citations, scope } = useContext(CitationContext);
  if (href?.startsWith(CITATION_HREF)) {
    const citation = citations[Number(href.slice(CITATION_HREF.length)) - 1];
    return citation ? <CitationMark citation={citation} scope={scope} /> : null;
  }
  const safe = safeLink(href);
  if (!safe) return <span title={title}>{children}</span>;
  return (
    <a href={safe} title={title} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

/** What `Markdown` draws another way in a message with sources. */
export const CITED = { a: CitedLink };
