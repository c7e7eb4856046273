export type { ActionHandler, ActionSource, LoadingBehavior } from "./action/source.js";
export type { WidgetViewProps } from "./WidgetView.js";
export { WidgetView } from "./WidgetView.js";
