/** A `fetch` for ChatKit's frontend, that needs nothing else of this package. */
import { type Backoff, DEFAULT_BACKOFF, delayMs, pause, pauseUntilOnline } from "./backoff.js";
import { kindOf, type Repeatable, repeatable, Sender } from "./chatkit/requests.js";
import { RunBody } from "./chatkit/run-body.js";
import { newRequestId } from "./request-id.js";
import { type Token, TokenSource } from "./tokens.js";

export type { Backoff } from "./backoff.js";
export type { Token } from "./tokens.js";

/** How requests of ChatKit's frontend are made. */
export interface ChatKitFetchOptions {
  /** A bearer token, or what returns one. It goes to ChatKit's API alone, not where files are uploaded to. */
  readonly token?: Token;
  /** Makes the requests. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** The person's IANA time zone. Default: the browser's. */
  readonly timeZone?: string;
  /** Silence after which the server sends a comment, in milliseconds. Default: 15,000, as the server's. */
  readonly heartbeatMs?: number;
  /** How broken streams are picked up. What is left out is as by default. */
  readonly backoff?: Partial<Backoff>;
  /** Where a run is stopped. Default: `v1/runs/{run}:cancel` beside ChatKit's address. */
  readonly cancelUrl?: (runId: string, chatkitUrl: string) => string;
}

/** Returns a `fetch` for ChatKit's `CustomApiConfig`: see the README for what it does. */
export function createChatKitFetch(options: ChatKitFetchOptions = {}): typeof globalThis.fetch {
  const fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const runs = new Runs(fetch, options);
  return async (input, init) => {
    const request = await repeatable(input, init);
    switch (kindOf(request)) {
      case "stream":
        return runs.start(request);
      case "document":
        return runs.ask(request);
      default:
        return fetch(input, init);
    }
  };
}

class Runs {
  readonly #sender: Sender;
  readonly #backoff: Backoff;
  readonly #silenceMs: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #cancelUrl: (runId: string, chatkitUrl: string) => string;

  constructor(fetch: typeof globalThis.fetch, options: ChatKitFetchOptions) {
    this.#sender = new Sender(fetch, new TokenSource(options.token ?? ""));
    this.#backoff = { ...DEFAULT_BACKOFF, ...options.backoff };
    // Two may be late, and a little more for the way.
    this.#silenceMs = 2.2 * (options.heartbeatMs ?? 15_000);
    this.#headers = { "x-time-zone": options.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone };
    this.#cancelUrl = options.cancelUrl ?? ((runId, url) => new URL(`v1/runs/${runId}:cancel`, url).href);
  }

  /** Makes a request that is answered with one document. */
  ask(request: Repeatable): Promise<Response> {
    return this.#sender.send(request, this.#headers);
  }

  /** Makes a request that starts a run. When its signal is aborted, the run is stopped, also if it is not known yet. */
  async start(request: Repeatable): Promise<Response> {
    const { signal } = request.init;
    signal?.throwIfAborted();
    const connection = new AbortController();
    const opening = this.#open(request, connection);
    const response = await this.#unlessAborted(opening, signal, connection, request);
    const runId = response.headers.get("x-run-id");
    // Without one there is nothing to come back to: a refusal, or another server.
    if (!response.ok || !response.body || !runId) {
      signal?.addEventListener("abort", () => connection.abort(signal.reason), { once: true });
      return response;
    }
    const body = new RunBody(runId, response, connection, this.#door(request, response, runId), {
      backoff: this.#backoff,
      silenceMs: this.#silenceMs,
    });
    signal?.addEventListener("abort", () => body.giveUp(signal.reason), { once: true });
    if (signal?.aborted) body.giveUp(signal.reason);
    const { status, statusText, headers } = response;
    return new Response(body.stream, { status, statusText, headers });
  }

  /** Sends the request until somebody answers: its key makes it count once. */
  async #open(request: Repeatable, connection: AbortController): Promise<Response> {
    const headers = { ...this.#streamHeaders(), "idempotency-key": newRequestId() };
    for (let attempt = 0; ; attempt++) {
      // Nobody waits any more for what was given up.
      const isLast = attempt >= this.#backoff.firstAttempts || request.init.signal?.aborted;
      try {
        const response = await this.#sender.send(request, headers, connection.signal);
        if (response.status < 502 || response.status > 504 || isLast) return response;
        await response.body?.cancel();
      } catch (error) {
        if (!(error instanceof TypeError) || isLast) throw error;
      }
      await pauseUntilOnline(delayMs(this.#backoff, attempt), connection.signal);
    }
  }

  async #unlessAborted(
    opening: Promise<Response>,
    signal: AbortSignal | null | undefined,
    connection: AbortController,
    request: Repeatable,
  ): Promise<Response> {
    if (!signal) return opening;
    let abort = () => {};
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
    });
    try {
      return await Promise.race([opening, aborted]);
    } catch (error) {
      // The run may have begun: only the answer tells its name.
      if (signal.aborted) void this.#stopWhenOpened(opening, connection, request);
      throw error;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  async #stopWhenOpened(opening: Promise<Response>, connection: AbortController, request: Repeatable): Promise<void> {
    const timer = setTimeout(() => connection.abort(), this.#silenceMs);
    const response = await opening.catch(() => undefined);
    clearTimeout(timer);
    connection.abort();
    const runId = response?.headers.get("x-run-id");
    if (response && runId) await this.#stop(request, response, runId);
  }

  #door(request: Repeatable, response: Response, runId: string) {
    return {
      attach: (lastEventId: string, signal: AbortSignal) =>
        this.#sender.send(request, { ...this.#streamHeaders(), "last-event-id": lastEventId }, signal),
      stop: () => void this.#stop(request, response, runId),
    };
  }

  async #stop({ url, headers }: Repeatable, response: Response, runId: string): Promise<void> {
    const address = response.url || new URL(url, globalThis.location?.href).href;
    // It should arrive also when the page is being left.
    const init: RequestInit = { method: "POST", body: "{}", keepalive: true };
    const request = { url: this.#cancelUrl(runId, address), init, headers };
    for (let attempt = 0; attempt < this.#backoff.firstAttempts; attempt++) {
      try {
        const { status } = await this.#sender.send(request, {});
        if (status < 500) return;
      } catch (error) {
        if (!(error instanceof TypeError)) return;
      }
      await pause(delayMs(this.#backoff, attempt));
    }
  }

  #streamHeaders(): Record<string, string> {
    return { ...this.#headers, "x-when-lost": "go-on", "x-end-mark": "on" };
  }
}
