// What a page that shows widgets loads; to be measured.
export { Icon, Markdown, ThemeProvider, WidgetView } from "../src/index.js";
