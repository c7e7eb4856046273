import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import {
  applyEvents,
  CancelCause,
  Code,
  type Connection,
  EMPTY_THREAD_STATE,
  ErrorReason,
  RunState,
  type RunStream,
  type WidgetEvent,
  WidgetstreamClient,
} from "../src/index.js";
import { CuttingProxy } from "./stack/cutting-proxy.js";

const token = inject("token");
const direct = new WidgetstreamClient({ baseUrl: inject("url"), token });
let proxy: CuttingProxy;
let client: WidgetstreamClient;

beforeEach(async () => {
  proxy = await CuttingProxy.start(inject("url"));
  client = new WidgetstreamClient({
    baseUrl: proxy.url,
    token,
    heartbeatMs: inject("heartbeatMs"),
    backoff: { firstMs: 1, longestMs: 20 },
  });
});

afterEach(() => proxy.close());

/** Lets a paced answer say another word. */
async function go(threadId: string, words = 1): Promise<void> {
  for (let word = 0; word < words; word++) await direct.syncAction("go", undefined, { threadId });
}

/** Reads until something holds for the events so far, and returns them. */
async function readUntil(
  events: AsyncIterator<WidgetEvent, void>,
  isEnough: (event: WidgetEvent) => boolean,
): Promise<WidgetEvent[]> {
  const read: WidgetEvent[] = [];
  for (let next = await events.next(); !next.done; next = await events.next()) {
    read.push(next.value);
    if (isEnough(next.value)) break;
  }
  return read;
}

const isText = ({ event }: WidgetEvent) =>
  event.case === "itemUpdated" && event.value.update?.update.case === "textDelta";

function textOf(events: WidgetEvent[]): string {
  const said = applyEvents(EMPTY_THREAD_STATE, events).items.find(({ item }) => item.case === "assistantMessage");
  return said?.item.case === "assistantMessage" ? said.item.value.content.map((part) => part.text).join("") : "";
}

/** Plays a paced answer of some words to its end. */
async function play(stream: RunStream, words: number, afterFirst?: () => void): Promise<WidgetEvent[]> {
  const iterator = stream[Symbol.asyncIterator]();
  const first = await readUntil(iterator, (event) => event.event.case === "itemAdded");
  afterFirst?.();
  await go(stream.threadId, words);
  return [...first, ...(await readUntil(iterator, () => false))];
}

function numbers(events: WidgetEvent[]): number[] {
  return events.map((event) => event.sequence);
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

describe("a connection that breaks", () => {
  test("anywhere in an answer, within a character or a frame too, costs no event and repeats none", async () => {
    const whole = await Array.fromAsync(direct.respond("steps 0"));
    const length = whole.length;
    // Headers and all, an answer of no word has less.
    for (let bytes = 1; bytes < 1_500; bytes += 23) {
      proxy.cutAfter(bytes);
      const events = await Array.fromAsync(client.respond("steps 0"));

      expect(numbers(events), `cut after ${bytes} bytes`).toEqual(upTo(length));
      expect(events.at(-1)?.event.case).toBe("runCompleted");
    }
    expect(proxy.connections).toBeGreaterThan(30);
  });

  test("within words of characters of several bytes leaves them whole", async () => {
    for (let bytes = 1; bytes < 160; bytes += 13) {
      const events = await play(client.respond("steps 2"), 2, () => proxy.cutAfter(bytes));

      expect(numbers(events), `cut after ${bytes} bytes`).toEqual(upTo(events.length));
      expect(textOf(events)).toBe("wörd1→😀 wörd2→😀 ");
    }
  });

  test("again and again only costs time", async () => {
    const stream = client.respond("steps 5");
    const events: WidgetEvent[] = [];
    for await (const event of stream) {
      events.push(event);
      proxy.cut();
      if (event.event.case === "itemAdded") await go(stream.threadId, 5);
    }

    expect(numbers(events)).toEqual(upTo(events.length));
    expect(textOf(events)).toBe(
      upTo(5)
        .map((step) => `wörd${step}→😀 `)
        .join(""),
    );
  });

  test("before the first answer is a request that counts once", async () => {
    proxy.refuse(3);
    proxy.cutAfter(1);
    const stream = client.respond("steps 0");
    const events = await Array.fromAsync(stream);

    expect(numbers(events)).toEqual(upTo(events.length));
    expect(proxy.connections).toBeGreaterThanOrEqual(5);
    const items = await Array.fromAsync(direct.listItems({ threadId: stream.threadId }));
    expect(items.map(({ item }) => item.case)).toEqual(["userMessage", "assistantMessage"]);
  });

  test("is told, and that it is there again", async () => {
    const told: Connection[] = [];
    await play(client.respond("steps 1", { onConnection: (connection) => told.push(connection) }), 1, () =>
      proxy.cut(),
    );

    expect(told).toEqual(["connected", "reconnecting", "connected"]);
  });

  test("without a word is noticed by its silence", async () => {
    const events = await play(client.respond("steps 2"), 2, () => proxy.stall());

    expect(numbers(events)).toEqual(upTo(events.length));
    expect(textOf(events)).toBe("wörd1→😀 wörd2→😀 ");
  });

  test("is not taken for dead while heartbeats come", async () => {
    const stream = client.respond("steps 1");
    const iterator = stream[Symbol.asyncIterator]();
    await readUntil(iterator, (event) => event.event.case === "itemAdded");
    const rest = readUntil(iterator, () => false);
    const { received, connections } = proxy;
    // A heartbeat is a frame with a number and an empty message: some 20 bytes on the wire.
    await proxy.until((now) => now.received > received + 100);
    await go(stream.threadId);

    expect((await rest).at(-1)?.event.case).toBe("runCompleted");
    expect(proxy.connections).toBe(connections);
  });

  test("does not hurt calls that may be repeated", async () => {
    proxy.refuse(2);
    const { task } = await client.tasks.createTask({ title: "Once" });
    proxy.cutAfter(1);
    const { task: other } = await client.tasks.createTask({ title: "Once more" });

    const titles = (await Array.fromAsync(direct.listTasks())).map(({ title }) => title);
    expect(titles.filter((title) => title === "Once more")).toHaveLength(1);
    for (const each of [task, other]) await client.tasks.deleteTask({ taskId: each?.taskId });
  });

  test("for good is an error that says so", async () => {
    const impatient = new WidgetstreamClient({
      baseUrl: proxy.url,
      token,
      backoff: { firstMs: 1, longestMs: 1, attempts: 3, firstAttempts: 2 },
    });
    proxy.refuse(Number.POSITIVE_INFINITY);
    await expect(Array.fromAsync(impatient.respond("steps 0"))).rejects.toMatchObject({
      name: "WidgetstreamError",
      code: Code.Unavailable,
    });
    expect(proxy.connections).toBe(3);

    proxy.refuse(0);
    const stream = impatient.respond("steps 1");
    const iterator = stream[Symbol.asyncIterator]();
    await readUntil(iterator, (event) => event.event.case === "itemAdded");
    proxy.refuse(Number.POSITIVE_INFINITY);
    proxy.cut();
    await expect(readUntil(iterator, () => false)).rejects.toMatchObject({ name: "RunCutError" });
    await direct.cancelRun(stream.runId);
  });
});

describe("whoever stops following", () => {
  test("by a signal gets its reason; the run goes on, and can be followed again", async () => {
    const controller = new AbortController();
    const stream = client.respond("steps 2", { signal: controller.signal });
    const iterator = stream[Symbol.asyncIterator]();
    const first = await readUntil(iterator, (event) => event.event.case === "itemAdded");
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(iterator.next()).rejects.toBe(reason);

    await go(stream.threadId, 2);
    const rest = await Array.fromAsync(client.subscribe(stream.runId, stream.sequence));
    expect(numbers([...first, ...rest])).toEqual(upTo(first.length + rest.length));
    expect(textOf([...first, ...rest])).toBe("wörd1→😀 wörd2→😀 ");
  });

  test("by leaving the loop does not stop the run", async () => {
    const stream = client.respond("steps 1");
    for await (const event of stream) if (event.event.case === "itemAdded") break;

    expect((await direct.getThread(stream.threadId)).activeRun?.runId).toBe(stream.runId);
    await go(stream.threadId);
    expect(textOf(await Array.fromAsync(client.subscribe(stream.runId)))).toBe("wörd1→😀 ");
  });

  test("by canceling keeps what was said", async () => {
    const stream = client.respond("steps 2");
    const iterator = stream[Symbol.asyncIterator]();
    const first = await readUntil(iterator, (event) => event.event.case === "itemAdded");
    await go(stream.threadId);
    first.push(...(await readUntil(iterator, isText)));
    expect((await stream.cancel()).state).toBe(RunState.CANCELED);

    const events = [...first, ...(await readUntil(iterator, () => false))];
    expect(events.at(-1)?.event).toMatchObject({ case: "runCanceled", value: { cause: CancelCause.USER } });
    expect(textOf(events)).toBe("wörd1→😀 ");
  });

  test("may follow twice at once", async () => {
    const stream = client.respond("steps 1");
    const iterator = stream[Symbol.asyncIterator]();
    await readUntil(iterator, (event) => event.event.case === "itemAdded");
    const both = [readUntil(iterator, () => false), Array.fromAsync(client.subscribe(stream.runId))];
    await go(stream.threadId);

    const [rest, all] = (await Promise.all(both)) as [WidgetEvent[], WidgetEvent[]];
    expect(all.slice(-rest.length)).toEqual(rest);
    await expect(Array.fromAsync(stream)).rejects.toThrow("iterated once");
  });
});

test("a run that does not exist, or whose events are not there, is refused", async () => {
  await expect(Array.fromAsync(client.subscribe("run_unknown"))).rejects.toMatchObject({
    reason: ErrorReason.RUN_NOT_FOUND,
  });
  const stream = client.respond("steps 0");
  for await (const _ of stream);
  await expect(Array.fromAsync(client.subscribe(stream.runId, 500))).rejects.toMatchObject({
    reason: ErrorReason.SEQUENCE_OUT_OF_RANGE,
  });
});
