/** Widgetstream for React: a renderer of ChatKit widgets, and a chat panel. */
export * from "./controls/index.js";
export * from "./icons/index.js";
export * from "./markdown/index.js";
export * from "./panel/index.js";
export * from "./theme/index.js";
export * from "./widgets/index.js";
