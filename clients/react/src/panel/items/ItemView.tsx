import type { ThreadItem } from "@widgetstream/client";
import { memo } from "react";
import type { ClientToolState } from "../conversation/state.js";
import { useTexts } from "../PanelContext.js";
import { AssistantMessage } from "./AssistantMessage.js";
import { ClientToolView } from "./ClientToolView.js";
import { GeneratedImage } from "./GeneratedImage.js";
import { StructuredInputView } from "./StructuredInputView.js";
import { TaskView } from "./TaskView.js";
import { UserMessage } from "./UserMessage.js";
import { WidgetItemView } from "./WidgetItemView.js";
import { WorkflowView } from "./WorkflowView.js";

export interface ItemViewProps {
  item: ThreadItem;
  /** Whether it still changes. */
  pending: boolean;
  /** How far it is, from 0 to 1, where that is known. */
  progress?: number | undefined;
  tool?: ClientToolState | undefined;
}

/** One item of a conversation, whatever its kind. */
export const ItemView = memo(function ItemView({ item: { id, item }, pending, progress, tool }: ItemViewProps) {
  const texts = useTexts();
  switch (item.case) {
    case "userMessage":
      return <UserMessage message={item.value} />;
    case "assistantMessage":
      return <AssistantMessage message={item.value} streaming={pending} />;
    case "widget":
      return <WidgetItemView itemId={id} item={item.value} />;
    case "workflow":
      return item.value.workflow ? <WorkflowView workflow={item.value.workflow} pending={pending} /> : null;
    case "task":
      return item.value.task ? <TaskView task={item.value.task} alone /> : null;
    case "clientToolCall":
      return <ClientToolView itemId={id} call={item.value} state={tool} />;
    case "generatedImage":
      return <GeneratedImage item={item.value} pending={pending} progress={progress} />;
    case "structuredInput":
      return <StructuredInputView itemId={id} item={item.value} />;
    case "hiddenContext":
    case "sdkHiddenContext":
    case "endOfTurn":
      return null;
    case undefined:
      return <p className="wsp-quiet">{texts.unknownItem}</p>;
    default:
      return item satisfies never;
  }
});
