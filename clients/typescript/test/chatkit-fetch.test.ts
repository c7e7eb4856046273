import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { type ChatKitFetchOptions, createChatKitFetch } from "../src/chatkit-fetch.js";
import { RunState, WidgetstreamClient } from "../src/index.js";
import { CuttingProxy } from "./stack/cutting-proxy.js";

const token = inject("token");
const direct = new WidgetstreamClient({ baseUrl: inject("url"), token });
let proxy: CuttingProxy;

beforeEach(async () => {
  proxy = await CuttingProxy.start(inject("url"));
});

afterEach(() => proxy.close());

interface Frame {
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: events of ChatKit's protocol, which has no types here
  event: any;
}

function chatkitFetch(options: ChatKitFetchOptions = {}): typeof fetch {
  return createChatKitFetch({
    token,
    heartbeatMs: inject("heartbeatMs"),
    backoff: { firstMs: 1, longestMs: 20 },
    ...options,
  });
}

function create(text: string, signal?: AbortSignal): RequestInit {
  const input = { content: [{ type: "input_text", text }], attachments: [], inference_options: {} };
  return request({ type: "threads.create", params: { input } }, signal);
}

function request(body: object, signal?: AbortSignal): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal };
}

/** Reads frames as the frontend does, which cannot go back: whatever is not a whole frame fails. */
class Reader {
  readonly frames: Frame[] = [];
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private readonly decoder = new TextDecoder("utf-8", { fatal: true });

  constructor(response: Response) {
    if (!response.body) throw new Error("no body");
    this.reader = response.body.getReader();
  }

  async until(isEnough: (event: Frame["event"]) => boolean): Promise<Frame[]> {
    while (true) {
      const next = await this.reader.read();
      if (next.done) return this.frames;
      // Each piece is whole frames.
      for (const block of this.decoder.decode(next.value).split(/(?<=\n\n)/)) {
        expect(block.endsWith("\n\n")).toBe(true);
        if (block.startsWith(":")) continue;
        const [, id = "", data = ""] = /^id: (.+)\ndata: (.+)\n\n$/.exec(block) ?? [];
        this.frames.push({ id, event: JSON.parse(data) });
      }
      if (isEnough(this.frames.at(-1)?.event)) return this.frames;
    }
  }

  all(): Promise<Frame[]> {
    return this.until(() => false);
  }
}

const isAdded = (event: Frame["event"]) => event?.type === "thread.item.added";
const threadOf = (frames: Frame[]) => frames.find(({ event }) => event.type === "thread.created")?.event.thread.id;
const types = (frames: Frame[]) => frames.map(({ event }) => event.type);

async function go(threadId: string, words = 1): Promise<void> {
  for (let word = 0; word < words; word++) await direct.syncAction("go", undefined, { threadId });
}

async function play(fetch: typeof globalThis.fetch, words: number, afterFirst?: () => void): Promise<Frame[]> {
  const reader = new Reader(await fetch(`${proxy.url}/chatkit`, create(`steps ${words}`)));
  const first = await reader.until(isAdded);
  afterFirst?.();
  await go(threadOf(first), words);
  return reader.all();
}

function saidIn(frames: Frame[]): string {
  return frames.map(({ event }) => (event.type === "thread.item.updated" ? event.update.delta : "")).join("");
}

describe("a stream that is cut", () => {
  test("anywhere is one stream for the frontend, each event once", async () => {
    const whole = types(await new Reader(await chatkitFetch()(`${inject("url")}/chatkit`, create("steps 0"))).all());
    for (let bytes = 1; bytes < 2_400; bytes += 31) {
      proxy.cutAfter(bytes);
      const response = await chatkitFetch()(`${proxy.url}/chatkit`, create("steps 0"));
      expect(response.headers.get("content-type")).toBe("text/event-stream");
      const frames = await new Reader(response).all();

      expect(types(frames), `cut after ${bytes} bytes`).toEqual(whole);
      expect(new Set(frames.map(({ id }) => id)).size).toBe(frames.length);
    }
    expect(proxy.connections).toBeGreaterThan(50);
  });

  test("within a character or a frame goes on with whole ones", async () => {
    for (let bytes = 1; bytes < 220; bytes += 17) {
      const frames = await play(chatkitFetch(), 2, () => proxy.cutAfter(bytes));

      expect(saidIn(frames), `cut after ${bytes} bytes`).toBe("wörd1→😀 wörd2→😀 ");
      expect(frames.at(-1)?.event.type).toBe("thread.item.done");
    }
  });

  test("before the answer is a request that counts once", async () => {
    proxy.refuse(2);
    proxy.cutAfter(1);
    const frames = await new Reader(await chatkitFetch()(`${proxy.url}/chatkit`, create("steps 0"))).all();
    const items = await Array.fromAsync(direct.listItems({ threadId: threadOf(frames) }));

    expect(items.map(({ item }) => item.case)).toEqual(["userMessage", "assistantMessage"]);
    expect(proxy.connections).toBeGreaterThanOrEqual(4);
  });

  test("without a word is noticed by its silence", async () => {
    const frames = await play(chatkitFetch(), 2, () => proxy.stall());

    expect(saidIn(frames)).toBe("wörd1→😀 wörd2→😀 ");
  });

  test("for good fails the body", async () => {
    const fetch = chatkitFetch({ backoff: { firstMs: 1, longestMs: 1, attempts: 3 } });
    const reader = new Reader(await fetch(`${proxy.url}/chatkit`, create("steps 1")));
    const frames = await reader.until(isAdded);
    proxy.refuse(Number.POSITIVE_INFINITY);
    proxy.cut();

    await expect(reader.all()).rejects.toThrow(TypeError);
    await direct.deleteThread(threadOf(frames));
  });
});

describe("the person's stop", () => {
  async function stateOf(threadId: string): Promise<string | undefined> {
    // The cancel is on its way.
    while ((await direct.getThread(threadId)).activeRun);
    const items = await Array.fromAsync(direct.listItems({ threadId }));
    return items.map(({ item }) => item.case).join();
  }

  test("stops the run, and keeps what was said", async () => {
    const controller = new AbortController();
    const reader = new Reader(await chatkitFetch()(`${proxy.url}/chatkit`, create("steps 2", controller.signal)));
    const threadId = threadOf(await reader.until(isAdded));
    await go(threadId);
    await reader.until((event) => event.type === "thread.item.updated");
    controller.abort();

    await expect(reader.all()).rejects.toMatchObject({ name: "AbortError" });
    expect(await stateOf(threadId)).toBe("userMessage,assistantMessage");
  });

  test("stops the run also when the body is canceled", async () => {
    const response = await chatkitFetch()(`${proxy.url}/chatkit`, create("steps 1"));
    const runId = response.headers.get("x-run-id") ?? "";
    await response.body?.cancel();

    const events = await Array.fromAsync(direct.subscribe(runId));
    expect(events.at(-1)?.event.case).toBe("runCanceled");
  });

  test("before the answer stops the run that it began", async () => {
    const controller = new AbortController();
    const runIds: string[] = [];
    const spying: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      runIds.push(response.headers.get("x-run-id") ?? "");
      controller.abort();
      await new Promise((later) => setImmediate(later));
      return response;
    };
    const answered = chatkitFetch({ fetch: spying })(`${proxy.url}/chatkit`, create("steps 1", controller.signal));

    await expect(answered).rejects.toMatchObject({ name: "AbortError" });
    const events = await Array.fromAsync(direct.subscribe(runIds[0] ?? ""));
    expect(events.at(-1)?.event.case).toBe("runCanceled");
    await expect(chatkitFetch()(`${proxy.url}/chatkit`, create("help", controller.signal))).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  test("does not stop a run that has ended", async () => {
    const controller = new AbortController();
    const response = await chatkitFetch()(`${proxy.url}/chatkit`, create("steps 0", controller.signal));
    await new Reader(response).all();
    controller.abort();

    expect((await direct.cancelRun(response.headers.get("x-run-id") ?? "")).state).toBe(RunState.COMPLETED);
  });
});

describe("tokens", () => {
  test("that are refused are renewed once", async () => {
    const given: string[] = [];
    const provide = () => {
      given.push(given.length ? token : "refused");
      return given.at(-1) ?? "";
    };
    const fetch = chatkitFetch({ token: provide });
    const list = await fetch(`${proxy.url}/chatkit`, request({ type: "threads.list", params: {} }));
    expect(list.status).toBe(200);
    expect(given).toEqual(["refused", token]);

    const refused = await chatkitFetch({ token: "refused" })(`${proxy.url}/chatkit`, create("steps 0"));
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: 16 });
  });

  test("go to ChatKit's API alone", async () => {
    const headers: Headers[] = [];
    const spying: typeof fetch = async (_, init) => {
      headers.push(new Headers(init?.headers));
      return new Response("{}");
    };
    const fetch = createChatKitFetch({ fetch: spying, token, timeZone: "Europe/Berlin" });
    await fetch("https://files.example/upload", { method: "PUT", body: new Blob(["a"]) });
    await fetch("https://other.example/", request({ type: "ping" }));
    await fetch("https://chat.example/chatkit", request({ type: "items.list", params: { thread_id: "thr_a" } }));
    await fetch(new Request("https://chat.example/chatkit", request({ type: "threads.list", params: {} })));

    expect(headers.map((each) => each.get("authorization"))).toEqual([
      null,
      null,
      `Bearer ${token}`,
      `Bearer ${token}`,
    ]);
    expect(headers[2]?.get("x-time-zone")).toBe("Europe/Berlin");
  });
});

test("refusals and other servers' answers pass as they are", async () => {
  const unknown = request({
    type: "threads.add_user_message",
    params: { thread_id: "thr_unknown", input: JSON.parse(create("a").body as string).params.input },
  });
  expect((await chatkitFetch()(`${proxy.url}/chatkit`, unknown)).status).toBe(404);

  const plain = new Response("data: {}\n\n", { headers: { "content-type": "text/event-stream" } });
  expect(await chatkitFetch({ fetch: async () => plain })("https://other.example/chatkit", create("a"))).toBe(plain);
});
