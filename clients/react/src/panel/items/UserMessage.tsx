import type { UserMessageItem, UserMessageTag } from "@widgetstream/client";
import { memo } from "react";
import { usePanel } from "../PanelContext.js";
import { MessageAttachment } from "./MessageAttachment.js";

/** What the person said: their words as they wrote them, what they mentioned, quoted and attached. */
export const UserMessage = memo(function UserMessage({ message }: { message: UserMessageItem }) {
  const { texts } = usePanel();
  const hasText = message.content.some(({ content }) => content.value?.text);
  return (
    <div className="wsp-user">
      {message.attachments.length > 0 && (
        <ul className="wsp-user-files" aria-label={texts.attachments}>
          {message.attachments.map((attachment) => (
            <li key={attachment.id}>
              <MessageAttachment attachment={attachment} />
            </li>
          ))}
        </ul>
      )}
      {message.quotedText && (
        <blockquote className="wsp-user-quote" aria-label={texts.quoted}>
          {message.quotedText}
        </blockquote>
      )}
      {hasText && (
        <div className="wsp-bubble" dir="auto">
          {message.content.map(({ content }, index) =>
            content.case === "inputTag" ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: what was said does not change
              <Mention key={index} tag={content.value} />
            ) : (
              content.value?.text
            ),
          )}
        </div>
      )}
    </div>
  );
});

function Mention({ tag }: { tag: UserMessageTag }) {
  const { entities } = usePanel();
  if (!tag.interactive || !entities?.onClick) return <span className="wsp-mention">{tag.text}</span>;
  const open = () =>
    entities.onClick?.({
      id: tag.id,
      title: tag.text,
      group: tag.group,
      interactive: true,
      data: Object.fromEntries(Object.entries(tag.data ?? {}).map(([key, value]) => [key, String(value)])),
    });
  return (
    <button type="button" className="wsp-mention" onClick={open}>
      {tag.text}
    </button>
  );
}
