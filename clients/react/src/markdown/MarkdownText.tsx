import { memo, useMemo } from "react";
import ReactMarkdown, { type Components, type Options } from "react-markdown";
import remend from "remend";
import { splitBlocks } from "./blocks.js";
import { CodeBlock } from "./CodeBlock.js";
import { gfm } from "./gfm.js";
import { safeImage, safeLink } from "./links.js";

export interface MarkdownProps {
  /** Markdown with GitHub's tables, task lists, strikethrough and bare links. HTML in it is shown as text. */
  text: string;
  /** The text still grows at its end: what it has not closed yet is shown as if it were. */
  streaming?: boolean;
  /** Hosts that images may come from; see `safeImage`. Others are shown as their description, linked. */
  imageDomains?: readonly string[];
  /** Elements drawn another way, by tag, as in react-markdown. Keep the object's identity, or all is rendered anew. */
  components?: Components;
  className?: string;
}

const NO_DOMAINS: readonly string[] = [];
const PLUGINS: Options["remarkPlugins"] = [gfm];
const HEAL = { katex: false, singleTilde: false, htmlTags: false } as const;

/** Markdown, as `Markdown` promises it. */
export const MarkdownText = memo(function MarkdownText(props: MarkdownProps) {
  const { text, streaming = false, imageDomains = NO_DOMAINS, components, className } = props;
  const domains = imageDomains.join("\n");
  const elements = useMemo(
    () => ({ ...elementsFor(domains ? domains.split("\n") : NO_DOMAINS), ...components }),
    [domains, components],
  );
  const blocks = useMemo(() => splitBlocks(text), [text]);
  const last = blocks.length - 1;
  return (
    <div className={className ? `ws-markdown ${className}` : "ws-markdown"} data-streaming={streaming || undefined}>
      {blocks.map((block, index) => (
        // A text grows at its end, so a block keeps its place.
        // biome-ignore lint/suspicious/noArrayIndexKey: as said above
        <Block key={index} text={streaming && index === last ? remend(block, HEAL) : block} components={elements} />
      ))}
    </div>
  );
});

const Block = memo(function Block({ text, components }: { text: string; components: Components }) {
  return (
    <ReactMarkdown remarkPlugins={PLUGINS} components={components} urlTransform={keep}>
      {text}
    </ReactMarkdown>
  );
});

// Addresses are judged where they are used: links and images have different rules.
function keep(url: string): string {
  return url;
}

function elementsFor(domains: readonly string[]): Components {
  return {
    a({ href, title, children, className, id, ...rest }) {
      // Footnotes point into the text itself.
      if (href?.startsWith("#user-content-")) {
        return (
          <a href={href} id={id} className={className} aria-label={rest["aria-label"]}>
            {children}
          </a>
        );
      }
      const safe = safeLink(href);
      if (!safe) return <span title={title}>{children}</span>;
      return (
        <a href={safe} title={title} target="_blank" rel="noopener noreferrer nofollow">
          {children}
        </a>
      );
    },
    img({ src, alt, title }) {
      const address = typeof src === "string" ? src : undefined;
      const safe = safeImage(address, domains);
      if (safe) return <img src={safe} alt={alt ?? ""} title={title} loading="lazy" referrerPolicy="no-referrer" />;
      const link = safeLink(address);
      const label = alt || "Image";
      return link ? (
        <a href={link} target="_blank" rel="noopener noreferrer nofollow">
          {label}
        </a>
      ) : (
        <span>{label}</span>
      );
    },
    pre({ children, node }) {
      const code = node?.children[0];
      const names = code?.type === "element" ? code.properties.className : undefined;
      const language = Array.isArray(names) ? String(names[0]).replace(/^language-/, "") : undefined;
      return <CodeBlock language={language}>{children}</CodeBlock>;
    },
    table({ children }) {
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: wide tables are scrolled by keyboard.
        // biome-ignore lint/a11y/useSemanticElements: a landmark for each table would be too many.
        <div className="ws-markdown__table" tabIndex={0} role="group" aria-label="Table">
          <table>{children}</table>
        </div>
      );
    },
  };
}
