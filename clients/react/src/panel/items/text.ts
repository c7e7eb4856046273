import type { AssistantMessageContent, ThreadItem, UserMessageContent } from "@widgetstream/client";

/** What a person wrote, tags as they see them. */
export function textOfUserMessage(content: readonly UserMessageContent[]): string {
  return content.map(({ content: part }) => part.value?.text ?? "").join("");
}

/** What an assistant said, as markdown. */
export function textOfAssistantMessage(content: readonly AssistantMessageContent[]): string {
  return content.map((part) => part.text).join("\n\n");
}

/** The text of a message of either side; empty for other items. */
export function textOfItem({ item }: ThreadItem): string {
  switch (item.case) {
    case "userMessage":
      return textOfUserMessage(item.value.content);
    case "assistantMessage":
      return textOfAssistantMessage(item.value.content);
    default:
      return "";
  }
}
