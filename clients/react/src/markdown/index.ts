export { safeImage, safeLink } from "./links.js";
export type { MarkdownProps } from "./Markdown.js";
export { Markdown } from "./Markdown.js";
