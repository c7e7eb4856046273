import { create } from "@bufbuild/protobuf";
import { type Attachment, AttachmentSchema, type UserMessageInput, UserMessageInputSchema } from "@widgetstream/client";
import { type Draft, type DraftFile, mentionText, piecesOf } from "./draft.js";

/** The message that a draft becomes. */
export function messageOf(draft: Draft, model: string | undefined, tool: string | undefined): UserMessageInput {
  const pieces = piecesOf(draft.text.trim(), draft.mentions);
  return create(UserMessageInputSchema, {
    content: pieces.map(({ text, entity }) => ({
      content: entity
        ? {
            case: "inputTag" as const,
            value: {
              id: entity.id,
              text: mentionText(entity),
              data: entity.data ?? {},
              group: entity.group,
              interactive: entity.interactive ?? false,
            },
          }
        : { case: "inputText" as const, value: { text } },
    })),
    attachments: draft.files.map(({ id }) => id),
    quotedText: draft.quote || undefined,
    inferenceOptions: { model, toolChoice: tool ? { id: tool } : undefined },
  });
}

/** A file of a draft as it stands in a message. */
export function attachmentOf({ id, name, mimeType, size }: DraftFile): Attachment {
  const attachment = { case: "file" as const, value: {} };
  return create(AttachmentSchema, { id, name, mimeType, size: BigInt(size), attachment });
}

/** The message of a text alone. */
export function messageOfText(text: string): UserMessageInput {
  return create(UserMessageInputSchema, { content: [{ content: { case: "inputText", value: { text } } }] });
}
