/** A conversation as a value: events folded into what a person sees. Pure; it knows neither a connection nor a page. */
export { applyEvent, applyEvents, withThread } from "./fold.js";
export { threadState, withOlderItems } from "./history.js";
export { withItem, withoutItem } from "./item-list.js";
export { applyUpdate, UpdateMismatchError } from "./items.js";
export { withOptimisticMessage, withoutOptimisticMessage } from "./optimistic.js";
export {
  type ClientEffect,
  dismissNotice,
  EMPTY_THREAD_STATE,
  isActive,
  itemKey,
  type Notice,
  type RunPhase,
  type RunStatus,
  type ThreadState,
  takeEffects,
} from "./state.js";
export { childrenOf, findComponent } from "./widgets.js";
