import type { WidgetstreamClient } from "@widgetstream/client";
import { inWords } from "../conversation/trouble.js";
import type { Texts } from "../texts/index.js";
import { mediaTypeOf } from "./accept.js";
import type { DraftFile } from "./draft.js";

/** A file on its way. */
export interface Upload {
  /** Names the upload in this page. */
  key: string;
  file: File;
  /** From 0 to 1. */
  progress: number;
  /** Why it failed, in words. */
  failure?: string | undefined;
  /** For an image: what shows it before the server does. */
  preview?: string | undefined;
}

/** What is told of an upload. */
export interface UploadEvents {
  /** From 0 to 1. */
  onProgress(progress: number): void;
  /** Set before the content is sent: by it the attachment can be deleted. */
  onCreated(attachmentId: string): void;
}

/**
 * Announces a file, sends its content, and returns the attachment.
 *
 * @throws {Error} with words for the person, when it fails; `AbortError` when `signal` ends it.
 */
export async function upload(
  client: WidgetstreamClient,
  file: File,
  texts: Texts,
  events: UploadEvents,
  signal: AbortSignal,
): Promise<DraftFile> {
  try {
    const request = { name: file.name.slice(0, 255), mimeType: mediaTypeOf(file), size: BigInt(file.size) };
    const { attachment } = await client.chatkit.createAttachment(request, { signal });
    if (!attachment) throw new Error(texts.uploadFailed);
    events.onCreated(attachment.id);
    const onProgress = (sent: number, total: number) => events.onProgress(total ? sent / total : 1);
    const { id, name, mimeType } = await client.uploadContent(attachment, file, { signal, onProgress });
    return { id, name, mimeType, size: file.size };
  } catch (error) {
    if (signal.aborted) throw new DOMException("The upload was given up.", "AbortError");
    throw new Error(`${texts.uploadFailed} ${inWords(error, texts)}`, { cause: error });
  }
}
