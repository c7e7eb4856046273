import type { TokenSource } from "../tokens.js";

/** A request that can be made again and again. */
export interface Repeatable {
  readonly url: string;
  readonly init: RequestInit;
  readonly headers: Headers;
}

const STREAMING = new Set([
  "threads.create",
  "threads.add_user_message",
  "threads.add_client_tool_output",
  "threads.add_structured_input",
  "threads.retry_after_item",
  "threads.custom_action",
]);
const TYPE = /^(threads|items|attachments|input)\.\w+$/;

/** What a request is to ChatKit's protocol. `undefined`: none of it, such as the upload of a file to another server. */
export function kindOf({ init }: Repeatable): "stream" | "document" | undefined {
  if (init.method?.toUpperCase() !== "POST" || typeof init.body !== "string") return undefined;
  try {
    const { type } = JSON.parse(init.body);
    if (typeof type !== "string" || !TYPE.test(type)) return undefined;
    return STREAMING.has(type) ? "stream" : "document";
  } catch {
    return undefined;
  }
}

/** Returns what `fetch` was called with as a request that can be made again, if it is one with JSON. */
export async function repeatable(input: RequestInfo | URL, init: RequestInit = {}): Promise<Repeatable> {
  const request = input instanceof Request ? input : undefined;
  const headers = new Headers(init.headers ?? request?.headers);
  const isJson = headers.get("content-type")?.includes("json");
  const given = init.body ?? (isJson ? await request?.clone().text() : undefined);
  const body = isJson && given && typeof given !== "string" ? await new Response(given).text() : given;
  if (!request) return { url: String(input), init: { ...init, body }, headers };
  const { url, method, signal, credentials, mode } = request;
  return { url, init: { method, signal, credentials, mode, ...init, body }, headers };
}

/** Makes requests with a token that is valid: one that is refused is renewed once. */
export class Sender {
  readonly #fetch: typeof globalThis.fetch;
  readonly #tokens: TokenSource;

  constructor(fetch: typeof globalThis.fetch, tokens: TokenSource) {
    this.#fetch = fetch;
    this.#tokens = tokens;
  }

  /** Makes a request with more headers, and perhaps another signal. */
  async send(
    { url, init, headers }: Repeatable,
    more: Readonly<Record<string, string>>,
    signal: AbortSignal | null | undefined = init.signal,
  ): Promise<Response> {
    const attempt = (token: string | undefined) => {
      const sent = new Headers(headers);
      for (const [name, value] of Object.entries(more)) sent.set(name, value);
      if (token) sent.set("authorization", `Bearer ${token}`);
      return this.#fetch(url, { ...init, headers: sent, signal });
    };
    const token = await this.#tokens.get();
    const response = await attempt(token);
    if (response.status !== 401) return response;
    const other = await this.#tokens.renew(token);
    if (other === undefined) return response;
    await response.body?.cancel();
    return attempt(other);
  }
}
