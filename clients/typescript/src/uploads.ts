import { fromJsonString } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { fromHttpAnswer, toWidgetstreamError, WidgetstreamError } from "./errors.js";
import {
  type Attachment,
  type AttachmentUploadDescriptor,
  UploadMethod,
} from "./gen/widgetstream/chatkit/v1/attachment_pb.js";
import { UploadAttachmentResponseSchema } from "./gen/widgetstream/chatkit/v1/chatkit_service_pb.js";

/** Options of an upload. */
export interface UploadOptions {
  /** Gives the upload up. It then rejects with the signal's reason. It may be made again, from its beginning. */
  readonly signal?: AbortSignal;
  /** Told how many of how many bytes have gone, in order, the last time with all. */
  readonly onProgress?: (sent: number, total: number) => void;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * Uploads the content of an attachment to the address that its descriptor tells, and returns the attachment, complete.
 * Throws a `WidgetstreamError` when the content is refused or the service cannot be reached.
 */
export async function upload(
  descriptor: AttachmentUploadDescriptor,
  content: Blob,
  baseUrl: string,
  fetch: typeof globalThis.fetch,
  options: UploadOptions,
): Promise<Attachment> {
  const url = new URL(descriptor.url, baseUrl).href;
  const method = descriptor.method === UploadMethod.POST ? "POST" : "PUT";
  // Only XMLHttpRequest tells how far an upload is.
  const send = typeof XMLHttpRequest === "undefined" ? sendWith(fetch) : sendWithXhr;
  options.onProgress?.(0, content.size);
  const { status, body } = await send(url, method, descriptor.headers, content, options);
  if (status < 200 || status > 299) throw fromHttpAnswer(status, body);
  options.onProgress?.(content.size, content.size);
  const { attachment } = fromJsonString(UploadAttachmentResponseSchema, body, { ignoreUnknownFields: true });
  if (!attachment) throw new WidgetstreamError(Code.Unknown, "The upload was answered without the attachment.");
  return attachment;
}

function sendWith(fetch: typeof globalThis.fetch) {
  return async (
    url: string,
    method: string,
    headers: Record<string, string>,
    body: Blob,
    { signal }: UploadOptions,
  ): Promise<Answer> => {
    try {
      const response = await fetch(url, { method, headers, body, signal });
      return { status: response.status, body: await response.text() };
    } catch (thrown) {
      signal?.throwIfAborted();
      throw toWidgetstreamError(thrown);
    }
  };
}

function sendWithXhr(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: Blob,
  { signal, onProgress }: UploadOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    const abort = () => request.abort();
    signal?.addEventListener("abort", abort, { once: true });
    request.upload.onprogress = ({ loaded, total }) => {
      // All is told when the answer is there.
      if (loaded < total) onProgress?.(loaded, total);
    };
    request.onload = () => resolve({ status: request.status, body: request.responseText });
    request.onerror = () => reject(toWidgetstreamError(new TypeError("The upload failed.")));
    request.onabort = () => reject(signal?.reason);
    request.onloadend = () => signal?.removeEventListener("abort", abort);
    request.send(body);
  });
}
