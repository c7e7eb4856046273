import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, type Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { type Backoff, DEFAULT_BACKOFF } from "./backoff.js";
import { type CallOptions, Calls, type UnaryClient } from "./calls.js";
import { WidgetstreamError } from "./errors.js";
import type { Attachment } from "./gen/widgetstream/chatkit/v1/attachment_pb.js";
import {
  ChatKitService,
  type FeedbackKind,
  type GetThreadResponse,
  type ListItemsRequestSchema,
  type ListThreadsRequestSchema,
} from "./gen/widgetstream/chatkit/v1/chatkit_service_pb.js";
import type { ThreadItem } from "./gen/widgetstream/chatkit/v1/item_pb.js";
import type { Run } from "./gen/widgetstream/chatkit/v1/run_pb.js";
import type { Thread } from "./gen/widgetstream/chatkit/v1/thread_pb.js";
import type { Task } from "./gen/widgetstream/todo/v1/task_pb.js";
import { type ListTasksRequestSchema, TaskService } from "./gen/widgetstream/todo/v1/task_service_pb.js";
import { StreamPosition } from "./position.js";
import {
  actionRequest,
  type Payload,
  respondRequest,
  type Said,
  type StartOptions,
  syncActionRequest,
} from "./requests.js";
import { type FollowOptions, type RunCalls, RunStream } from "./run-stream.js";
import { type Token, TokenSource } from "./tokens.js";
import { type UploadOptions, upload } from "./uploads.js";

/** How to reach a service, and as whom. */
export interface ClientOptions {
  /** Where Envoy is, such as `https://chat.example.com`. */
  readonly baseUrl: string;
  /** A bearer token, or what returns one. */
  readonly token?: Token;
  /** The person's IANA time zone. Default: the browser's. */
  readonly timeZone?: string;
  /** The languages that the person reads, as in `Accept-Language`. Default: what the browser sends. */
  readonly locale?: string;
  /** Makes the requests. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** Milliseconds that a call without a stream may take, repetitions included. Default: 30,000. */
  readonly timeoutMs?: number;
  /** Silence after which the server sends a heartbeat, in milliseconds. Default: 15,000, as the server's. */
  readonly heartbeatMs?: number;
  /** How broken streams are picked up. What is left out is as by default. */
  readonly backoff?: Partial<Backoff>;
}

/** A client for threads and tasks, over gRPC-web. Calls fail with a `WidgetstreamError`. */
export class WidgetstreamClient {
  /** All methods of `ChatKitService` that answer once, by their requests. */
  readonly chatkit: UnaryClient<typeof ChatKitService>;
  /** All methods of `TaskService`, by their requests. */
  readonly tasks: UnaryClient<typeof TaskService>;
  /** Where Envoy is. */
  readonly baseUrl: string;

  readonly #calls: Calls;
  readonly #backoff: Backoff;
  readonly #silenceMs: number;
  readonly #fetch: typeof globalThis.fetch;

  constructor(options: ClientOptions) {
    this.baseUrl = options.baseUrl;
    this.#backoff = { ...DEFAULT_BACKOFF, ...options.backoff };
    // Two may be late, and a little more for the way.
    this.#silenceMs = 2.2 * (options.heartbeatMs ?? 15_000);
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    const transport: Transport = createGrpcWebTransport({ baseUrl: options.baseUrl, fetch: this.#fetch });
    this.#calls = new Calls(
      transport,
      new TokenSource(options.token ?? ""),
      headersOf(options),
      options.timeoutMs ?? 30_000,
      this.#backoff,
    );
    this.chatkit = this.#calls.service(ChatKitService);
    this.tasks = this.#calls.service(TaskService);
  }

  /** Says something, and returns the stream of the run that answers. */
  respond(said: Said, options: StartOptions & FollowOptions = {}): RunStream {
    const request = respondRequest(said, options);
    return this.#stream((signal) => this.#calls.stream(ChatKitService.method.respond, request, signal), options);
  }

  /** Runs an action of a widget, and returns the stream of the run that follows. `itemId` is the widget. */
  action(
    type: string,
    payload?: Payload,
    options: StartOptions & FollowOptions & { readonly itemId?: string } = {},
  ): RunStream {
    const request = actionRequest(type, payload, options);
    return this.#stream((signal) => this.#calls.stream(ChatKitService.method.action, request, signal), options);
  }

  /** Returns the stream of a run's events after a number. 0: from the beginning. */
  subscribe(runId: string, afterSequence = 0, options: FollowOptions = {}): RunStream {
    const position = new StreamPosition(runId, afterSequence);
    return this.#stream((signal) => this.#subscribe(runId, afterSequence, signal), options, position);
  }

  /** Stops a run, and returns it, ended. */
  async cancelRun(runId: string, options?: CallOptions): Promise<Run> {
    return there((await this.chatkit.cancelRun({ runId }, options)).run);
  }

  /** Runs an action without a run, and returns the changed item. Undefined: none changed. */
  async syncAction(
    type: string,
    payload: Payload | undefined,
    options: CallOptions & { readonly threadId: string; readonly itemId?: string },
  ): Promise<ThreadItem | undefined> {
    const request = syncActionRequest(type, payload, options);
    return (await this.chatkit.syncAction(request, options)).updatedItem;
  }

  /** Returns a thread with its newest items, oldest of them first, and the run under way. */
  getThread(threadId: string, options?: CallOptions): Promise<GetThreadResponse> {
    return this.chatkit.getThread({ threadId }, options);
  }

  /** Yields all threads, the last changed first, page by page. */
  listThreads(
    request: MessageInitShape<typeof ListThreadsRequestSchema> = {},
    options?: CallOptions,
  ): AsyncGenerator<Thread, void, undefined> {
    return pages(async (pageToken) => {
      const page = await this.chatkit.listThreads({ ...request, pageToken }, options);
      return [page.threads, page.nextPageToken];
    });
  }

  /** Yields all items of a thread, oldest first unless asked otherwise, page by page. */
  listItems(
    request: MessageInitShape<typeof ListItemsRequestSchema>,
    options?: CallOptions,
  ): AsyncGenerator<ThreadItem, void, undefined> {
    return pages(async (pageToken) => {
      const page = await this.chatkit.listItems({ ...request, pageToken }, options);
      return [page.items, page.nextPageToken];
    });
  }

  /** Changes a thread's title, and returns the thread. */
  async updateThread(threadId: string, title: string, options?: CallOptions): Promise<Thread> {
    return there((await this.chatkit.updateThread({ threadId, title }, options)).thread);
  }

  /** Deletes a thread with its items. */
  async deleteThread(threadId: string, options?: CallOptions): Promise<void> {
    await this.chatkit.deleteThread({ threadId }, options);
  }

  /** Records what the person thinks of items. Later feedback on an item replaces earlier. */
  async submitFeedback(threadId: string, itemIds: string[], kind: FeedbackKind, options?: CallOptions): Promise<void> {
    await this.chatkit.submitFeedback({ threadId, itemIds, kind }, options);
  }

  /** Announces a file and uploads it. Returns the attachment, whose id a message can carry. */
  async uploadAttachment(
    file: Blob,
    options: UploadOptions & { readonly name?: string; readonly mimeType?: string } = {},
  ): Promise<Attachment> {
    const name = options.name ?? (file as Partial<File>).name ?? "file";
    const mimeType = options.mimeType ?? (file.type || "application/octet-stream");
    const request = { name, mimeType, size: BigInt(file.size) };
    const announced = there((await this.chatkit.createAttachment(request, { signal: options.signal })).attachment);
    return upload(there(announced.uploadDescriptor), file, this.baseUrl, this.#fetch, options);
  }

  /** Uploads the content of an attachment that was announced with `chatkit.createAttachment`. */
  uploadContent(attachment: Attachment, content: Blob, options: UploadOptions = {}): Promise<Attachment> {
    return upload(there(attachment.uploadDescriptor), content, this.baseUrl, this.#fetch, options);
  }

  /** Deletes an attachment and its content. */
  async deleteAttachment(attachmentId: string, options?: CallOptions): Promise<void> {
    await this.chatkit.deleteAttachment({ attachmentId }, options);
  }

  /** Turns speech into text. The recording may have 25 MiB. */
  async transcribe(recording: Blob, options?: CallOptions): Promise<string> {
    const audio = new Uint8Array(await recording.arrayBuffer());
    return (await this.chatkit.transcribeAudio({ audio, mimeType: recording.type || "audio/webm" }, options)).text;
  }

  /** Yields all tasks that pass the filters, page by page. */
  listTasks(
    request: MessageInitShape<typeof ListTasksRequestSchema> = {},
    options?: CallOptions,
  ): AsyncGenerator<Task, void, undefined> {
    return pages(async (pageToken) => {
      const page = await this.tasks.listTasks({ ...request, pageToken }, options);
      return [page.tasks, page.nextPageToken];
    });
  }

  #subscribe(runId: string, afterSequence: number, signal: AbortSignal) {
    return this.#calls.stream(ChatKitService.method.subscribeRun, { runId, afterSequence }, signal);
  }

  #stream(start: RunCalls["start"], options: FollowOptions, position?: StreamPosition): RunStream {
    const calls: RunCalls = {
      start,
      subscribe: (runId, afterSequence, signal) => this.#subscribe(runId, afterSequence, signal),
      cancel: (runId) => this.cancelRun(runId),
    };
    return new RunStream(calls, { backoff: this.#backoff, silenceMs: this.#silenceMs }, options, position);
  }
}

function headersOf({ timeZone, locale }: ClientOptions): Record<string, string> {
  const headers: Record<string, string> = {
    "x-time-zone": timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  if (locale) headers["accept-language"] = locale;
  return headers;
}

async function* pages<T>(load: (pageToken: string) => Promise<[T[], string]>): AsyncGenerator<T, void, undefined> {
  let token = "";
  do {
    const [entries, next] = await load(token);
    yield* entries;
    token = next;
  } while (token);
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new WidgetstreamError(Code.Unknown, "The service answered less than it should.");
  return value;
}
