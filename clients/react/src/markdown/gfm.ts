import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm as gfmSyntax } from "micromark-extension-gfm";
import type { Options } from "react-markdown";

type Plugin = Extract<NonNullable<Options["remarkPlugins"]>[number], (...settings: never[]) => unknown>;

/**
 * Reads GitHub's tables, task lists, strikethrough, footnotes and bare links. What `remark-gfm` does, without what it
 * brings to write markdown, which is 6 kB (gzipped) of what a page with the panel loads.
 */
export const gfm: Plugin = function () {
  const data = this.data() as ParserData;
  data.micromarkExtensions = [...(data.micromarkExtensions ?? []), gfmSyntax({ singleTilde: false })];
  data.fromMarkdownExtensions = [...(data.fromMarkdownExtensions ?? []), gfmFromMarkdown()];
};

/** What remark's parser looks for in the data of its processor. */
interface ParserData {
  micromarkExtensions?: unknown[];
  fromMarkdownExtensions?: unknown[];
}
