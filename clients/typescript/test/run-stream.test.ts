import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type Backoff, DEFAULT_BACKOFF, delayMs } from "../src/backoff.js";
import { WidgetstreamError } from "../src/errors.js";
import { type WidgetEvent, WidgetEventSchema } from "../src/index.js";
import { StreamPosition } from "../src/position.js";
import { type FollowOptions, RunStream } from "../src/run-stream.js";
import { added, completed, message, run, started, text } from "./events.js";

const RUN = run("run_a", started, added(message("msg_1")), text("msg_1", "a"), text("msg_1", "b"), completed).map(
  (event) => ({ ...event }),
);
const [one, two, three, four, five] = RUN as [WidgetEvent, WidgetEvent, WidgetEvent, WidgetEvent, WidgetEvent];
const heartbeat = (sequence: number) =>
  create(WidgetEventSchema, { sequence, event: { case: "heartbeat", value: {} } });

type Step = WidgetEvent | Error;

/** A service that plays a script: what each connection brings, and how it breaks. */
function scripted(...connections: Step[][]) {
  const asked: string[] = [];
  async function* connection(what: string) {
    asked.push(what);
    for (const step of connections.shift() ?? []) {
      if (step instanceof Error) throw step;
      yield step;
    }
  }
  const calls = {
    start: () => connection("start"),
    subscribe: (runId: string, after: number) => connection(`${runId} after ${after}`),
    cancel: vi.fn(),
  };
  return { asked, calls };
}

const backoff: Backoff = { ...DEFAULT_BACKOFF, firstMs: 1, longestMs: 1 };

function follow(calls: ReturnType<typeof scripted>["calls"], options: FollowOptions = {}, position?: StreamPosition) {
  return new RunStream(
    calls,
    { backoff: { ...backoff, attempts: 3, firstAttempts: 2 }, silenceMs: 1_000 },
    options,
    position,
  );
}

const sequences = async (stream: RunStream) => (await Array.fromAsync(stream)).map((event) => event.sequence);

const answered = (code: Code) => new ConnectError("said by the service", code, { "grpc-status": String(code) });
const unreachable = new TypeError("fetch failed");

afterEach(() => vi.unstubAllGlobals());

describe("a stream of events", () => {
  test("goes on after the last one when it ends too early", async () => {
    const { asked, calls } = scripted([one, two], [three], [four, five]);

    expect(await sequences(follow(calls))).toEqual([1, 2, 3, 4, 5]);
    expect(asked).toEqual(["start", "run_a after 2", "run_a after 3"]);
  });

  test("passes over what came before", async () => {
    const { calls } = scripted([one, two, three], [two, three, four, five]);

    expect(await sequences(follow(calls))).toEqual([1, 2, 3, 4, 5]);
  });

  test("comes back for what is missing", async () => {
    const { asked, calls } = scripted([one, three, four], [two, three, four, five]);

    expect(await sequences(follow(calls))).toEqual([1, 2, 3, 4, 5]);
    expect(asked[1]).toBe("run_a after 1");
  });

  test("leaves heartbeats out, and ends with the run", async () => {
    const { asked, calls } = scripted([one, heartbeat(1), two, heartbeat(2), three, four, five, heartbeat(5)]);

    expect(await sequences(follow(calls))).toEqual([1, 2, 3, 4, 5]);
    expect(asked).toHaveLength(1);
  });

  test("says with each event to what it belongs", async () => {
    const bare = RUN.slice(1).map((event) => ({ ...event, runId: undefined, threadId: undefined }));
    const { calls } = scripted([one, ...bare]);

    const events = await Array.fromAsync(follow(calls));
    expect(new Set(events.map(({ runId, threadId }) => `${runId} ${threadId}`))).toEqual(new Set(["run_a thr_a"]));
  });

  test("begins where it is told to", async () => {
    const { asked, calls } = scripted([four, five]);

    expect(await sequences(follow(calls, {}, new StreamPosition("run_a", 3)))).toEqual([4, 5]);
    expect(asked).toEqual(["run_a after 3"]);
  });

  test.each([Code.Unavailable, Code.Canceled, Code.Internal, Code.Unknown, Code.ResourceExhausted])(
    "goes on after a failure that may pass: %d",
    async (code) => {
      const { calls } = scripted([one, answered(code)], [two, three, four, five]);

      expect(await sequences(follow(calls))).toEqual([1, 2, 3, 4, 5]);
    },
  );

  test.each([Code.OutOfRange, Code.NotFound, Code.Unauthenticated, Code.InvalidArgument])(
    "fails by one that does not pass: %d",
    async (code) => {
      const { asked, calls } = scripted([one], [answered(code)]);

      await expect(sequences(follow(calls))).rejects.toMatchObject({ name: "WidgetstreamError", code });
      expect(asked).toHaveLength(2);
    },
  );

  test("is asked for again only while nobody has answered", async () => {
    const refused = scripted([answered(Code.InvalidArgument)]);
    await expect(sequences(follow(refused.calls))).rejects.toMatchObject({ code: Code.InvalidArgument });
    expect(refused.asked).toEqual(["start"]);

    const away = scripted([unreachable], [answered(Code.Unavailable)], RUN);
    expect(await sequences(follow(away.calls))).toEqual([1, 2, 3, 4, 5]);
    expect(away.asked).toEqual(["start", "start", "start"]);
  });

  test("is given up after some attempts without an event in between", async () => {
    const { asked, calls } = scripted([one], [unreachable], [two], [unreachable], [unreachable], [unreachable], RUN);

    await expect(sequences(follow(calls))).rejects.toMatchObject({ name: "RunCutError", code: Code.Unavailable });
    expect(asked).toHaveLength(6);
  });

  test("waits as long as the service asks for", async () => {
    vi.useFakeTimers();
    try {
      const busy = new WidgetstreamError(Code.ResourceExhausted, "busy", { retryAfterMs: 5_000 });
      const { asked, calls } = scripted([one], [busy], [two, three, four, five]);
      const all = sequences(follow(calls));
      await vi.advanceTimersByTimeAsync(4_999);
      expect(asked).toHaveLength(2);
      await vi.advanceTimersByTimeAsync(2);
      expect(await all).toEqual([1, 2, 3, 4, 5]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("waits for the network while there is none, which is no attempt", async () => {
    const page = new EventTarget();
    const network = { onLine: false };
    vi.stubGlobal("navigator", network);
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
    vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
    const { calls } = scripted([one], ...Array<Step[]>(20).fill([unreachable]), [two, three, four, five]);
    const all = sequences(
      follow(calls, {
        onConnection: (connection) => {
          if (connection === "reconnecting") setImmediate(back);
        },
      }),
    );
    function back() {
      page.dispatchEvent(new Event("online"));
      if (network.onLine === false) setImmediate(back);
    }

    expect(await all).toEqual([1, 2, 3, 4, 5]);
    network.onLine = true;
  });

  test("cannot be canceled before it has begun", async () => {
    const { calls } = scripted([one]);

    await expect(follow(calls).cancel()).rejects.toMatchObject({ code: Code.FailedPrecondition });
    expect(calls.cancel).not.toHaveBeenCalled();
  });
});

test("waits grow, up to a limit, and are not the same for all", () => {
  const waits = (random: number) =>
    [0, 1, 2, 10, 500].map((attempt) => delayMs({ ...DEFAULT_BACKOFF, random: () => random }, attempt));

  expect(waits(1)).toEqual([100, 200, 400, 5_000, 5_000]);
  expect(waits(0.5)).toEqual([50, 100, 200, 2_500, 2_500]);
});
