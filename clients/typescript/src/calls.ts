import {
  create,
  type DescMessage,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type DescService,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { type Backoff, delayMs, pause } from "./backoff.js";
import { toWidgetstreamError, WidgetstreamError } from "./errors.js";
import { ErrorReason } from "./gen/widgetstream/chatkit/v1/error_reason_pb.js";
import { newRequestId } from "./request-id.js";
import type { TokenSource } from "./tokens.js";

/** Options of one call. */
export interface CallOptions {
  /** Gives the call up. It then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds that the call may take, repetitions included. Default: the client's. */
  readonly timeoutMs?: number;
}

/** The methods of a service that answer once. */
export type UnaryClient<S extends DescService> = {
  [P in keyof S["method"] as S["method"][P]["methodKind"] extends "unary"
    ? P
    : never]: S["method"][P] extends DescMethodUnary<infer I, infer O>
    ? (request: MessageInitShape<I>, options?: CallOptions) => Promise<MessageShape<O>>
    : never;
};

// After the first.
const REPETITIONS = 4;

/** Makes calls: with a token that is valid, within a deadline, repeated where that is safe, failing with our errors. */
export class Calls {
  readonly #transport: Transport;
  readonly #tokens: TokenSource;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #backoff: Backoff;

  constructor(
    transport: Transport,
    tokens: TokenSource,
    headers: Readonly<Record<string, string>>,
    timeoutMs: number,
    backoff: Backoff,
  ) {
    this.#transport = transport;
    this.#tokens = tokens;
    this.#headers = headers;
    this.#timeoutMs = timeoutMs;
    this.#backoff = backoff;
  }

  /** Returns a service's methods that answer once. */
  service<S extends DescService>(service: S): UnaryClient<S> {
    const methods = service.methods.filter((method) => method.methodKind === "unary");
    return Object.fromEntries(
      methods.map((method) => [
        method.localName,
        (request: Record<string, unknown>, options?: CallOptions) =>
          this.unary(method as DescMethodUnary, request, options),
      ]),
    ) as UnaryClient<S>;
  }

  /**
   * Makes a call. One that changes something gets a `requestId`, unless it has one, so that it counts once however often
   * it is made.
   */
  async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    { signal, timeoutMs = this.#timeoutMs }: CallOptions = {},
  ): Promise<MessageShape<O>> {
    const message = create(method.input, request) as MessageShape<I> & { requestId?: string };
    if (message.requestId === "") message.requestId = newRequestId();
    const isSafe =
      Boolean(message.requestId) || method.idempotency !== MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
    const deadline = performance.now() + timeoutMs;
    for (let attempt = 0; ; attempt++) {
      try {
        const leftMs = Math.max(1, Math.round(deadline - performance.now()));
        const response = await this.#authorized((headers) =>
          this.#transport.unary(method, signal, leftMs, headers, message as MessageInitShape<I>),
        );
        return response.message;
      } catch (thrown) {
        signal?.throwIfAborted();
        const error = toWidgetstreamError(thrown);
        const waitMs = Math.max(delayMs(this.#backoff, attempt), error.retryAfterMs ?? 0);
        const isWorthwhile = isPassing(error) && attempt < REPETITIONS && performance.now() + waitMs < deadline;
        if (!isSafe || !isWorthwhile) throw error;
        await pause(waitMs, signal);
      }
    }
  }

  /** Makes a call that streams, once. Throws what the transport throws: whether to go on is for the caller to say. */
  async *stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageInitShape<I>,
    signal: AbortSignal,
  ): AsyncGenerator<MessageShape<O>, void, undefined> {
    const open = async (headers: HeadersInit) => {
      // No deadline: a run may take long, and silence is noticed.
      const response = await this.#transport.stream(method, signal, 0, headers, once(request));
      const messages = response.message[Symbol.asyncIterator]();
      // The first answer tells whether the token is taken.
      return { messages, first: await messages.next() };
    };
    const { messages, first } = await this.#authorized(open);
    try {
      for (let next = first; !next.done; next = await messages.next()) {
        yield next.value;
      }
    } finally {
      await messages.return?.();
    }
  }

  async #authorized<T>(call: (headers: HeadersInit) => Promise<T>): Promise<T> {
    const token = await this.#token(() => this.#tokens.get());
    try {
      return await call(this.#headersWith(token));
    } catch (thrown) {
      if (!(thrown instanceof ConnectError) || thrown.code !== Code.Unauthenticated) throw thrown;
      const other = await this.#token(() => this.#tokens.renew(token ?? ""));
      if (other === undefined) throw thrown;
      return call(this.#headersWith(other));
    }
  }

  async #token<T>(get: () => Promise<T>): Promise<T> {
    try {
      return await get();
    } catch (thrown) {
      if (thrown instanceof WidgetstreamError || thrown instanceof TypeError) throw toWidgetstreamError(thrown);
      throw new WidgetstreamError(Code.Unauthenticated, "There is no token to call with.", { cause: thrown });
    }
  }

  #headersWith(token: string | undefined): Record<string, string> {
    return token ? { ...this.#headers, authorization: `Bearer ${token}` } : { ...this.#headers };
  }
}

/** Whether a failure may pass by itself. */
function isPassing(error: WidgetstreamError): boolean {
  return error.code === Code.Unavailable || error.reason === ErrorReason.REQUEST_IN_PROGRESS;
}

async function* once<T>(value: T): AsyncGenerator<T, void, undefined> {
  yield value;
}
