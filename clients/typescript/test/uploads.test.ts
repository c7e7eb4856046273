import { afterEach, describe, expect, inject, test, vi } from "vitest";
import { Code, ErrorReason, WidgetstreamClient, WidgetstreamError } from "../src/index.js";
import { CuttingProxy } from "./stack/cutting-proxy.js";

const client = new WidgetstreamClient({ baseUrl: inject("url"), token: inject("token") });

/** What browsers have and Node has not: it sends by `fetch`, and tells half of the way. */
class Request {
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  onloadend?: () => void;
  status = 0;
  responseText = "";
  private readonly controller = new AbortController();
  private readonly headers = new Headers();
  private method = "";
  private url = "";

  open(method: string, url: string): void {
    [this.method, this.url] = [method, url];
  }

  setRequestHeader(name: string, value: string): void {
    this.headers.set(name, value);
  }

  abort(): void {
    this.controller.abort();
  }

  async send(body: Blob): Promise<void> {
    const { method, headers } = this;
    try {
      this.upload.onprogress?.({ loaded: body.size / 2, total: body.size });
      const response = await fetch(this.url, { method, headers, body, signal: this.controller.signal });
      this.status = response.status;
      this.responseText = await response.text();
      this.onload?.();
    } catch {
      if (this.controller.signal.aborted) this.onabort?.();
      else this.onerror?.();
    }
    this.onloadend?.();
  }
}

afterEach(() => vi.unstubAllGlobals());

describe.each([
  ["by fetch", undefined],
  ["by XMLHttpRequest", Request],
])("a file that is uploaded %s", (_, request) => {
  const use = () => vi.stubGlobal("XMLHttpRequest", request);

  test("can go with a message", async () => {
    use();
    const told: number[] = [];
    const file = new File(["one two"], "notes.txt", { type: "text/plain" });
    const attachment = await client.uploadAttachment(file, { onProgress: (sent) => told.push(sent) });
    expect(attachment).toMatchObject({ name: "notes.txt", mimeType: "text/plain", size: 7n });
    expect(attachment.uploadDescriptor).toBeUndefined();
    expect(told).toEqual(request ? [0, 3.5, 7] : [0, 7]);

    const stream = client.respond({
      case: "userMessage",
      value: {
        content: [{ content: { case: "inputText", value: { text: "echo" } } }],
        attachments: [attachment.id],
      },
    });
    for await (const _ of stream);
    const [message] = await Array.fromAsync(client.listItems({ threadId: stream.threadId }));
    expect(message?.item.value).toMatchObject({ attachments: [{ name: "notes.txt" }] });
  });

  test("is refused when it is not what was announced", async () => {
    use();
    const announced = await client.chatkit.createAttachment({ name: "a", mimeType: "text/plain", size: 1n });

    await expect(client.uploadContent(announced.attachment as never, new Blob(["too long"]))).rejects.toMatchObject({
      name: "WidgetstreamError",
      code: Code.InvalidArgument,
      reason: ErrorReason.ATTACHMENT_MISMATCH,
    });
  });

  test("can be given up, and sent again", async () => {
    use();
    const announced = await client.chatkit.createAttachment({ name: "a", mimeType: "text/plain", size: 1n });
    const attachment = announced.attachment as never;
    const controller = new AbortController();
    const reason = new Error("not this one");
    const onProgress = () => controller.abort(reason);

    await expect(
      client.uploadContent(attachment, new Blob(["a"]), { signal: controller.signal, onProgress }),
    ).rejects.toBe(reason);
    expect((await client.uploadContent(attachment, new Blob(["a"]))).size).toBe(1n);
  });

  test("fails when nobody is there", async () => {
    use();
    const proxy = await CuttingProxy.start(inject("url"));
    const announced = await client.chatkit.createAttachment({ name: "a", mimeType: "text/plain", size: 1n });
    const attachment = announced.attachment;
    if (!attachment?.uploadDescriptor) throw new Error("no address");
    attachment.uploadDescriptor.url = `${proxy.url}/v1/attachments`;
    await proxy.close();

    const failure = await client.uploadContent(attachment, new Blob(["a"])).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WidgetstreamError);
    expect(failure).toMatchObject({ code: Code.Unavailable });
  });
});

test("an attachment can be deleted", async () => {
  const attachment = await client.uploadAttachment(new Blob(["a"]), { name: "a.bin" });
  expect(attachment.mimeType).toBe("application/octet-stream");
  await client.deleteAttachment(attachment.id);

  await expect(
    Array.fromAsync(client.respond({ case: "userMessage", value: { attachments: [attachment.id] } })),
  ).rejects.toMatchObject({ reason: ErrorReason.ATTACHMENT_NOT_FOUND });
});
