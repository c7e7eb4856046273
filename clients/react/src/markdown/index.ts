export { safeImage, safeLink } from "./links.js";
export { loadMarkdown } from "./loading.js";
export { Markdown } from "./Markdown.js";
export type { MarkdownProps } from "./MarkdownText.js";
