/** Widgetstream for React: a renderer of ChatKit widgets, and a chat panel. */
export {};
