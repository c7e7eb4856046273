// What a page that shows the panel loads; to be measured.
export { WidgetstreamClient } from "@widgetstream/client";
export { ChatPanel } from "../src/index.js";
