import { Code, ConnectError } from "@connectrpc/connect";
import { type Backoff, delayMs, isOffline, pauseUntilOnline } from "./backoff.js";
import { isAnswer, RunCutError, toWidgetstreamError, WidgetstreamError } from "./errors.js";
import type { WidgetEvent } from "./gen/widgetstream/chatkit/v1/event_pb.js";
import type { Run } from "./gen/widgetstream/chatkit/v1/run_pb.js";
import { StreamPosition } from "./position.js";

/** Whether events are arriving, or the connection is being made anew. */
export type Connection = "connected" | "reconnecting";

/** Options of a stream of events. */
export interface FollowOptions {
  /** Stops following. The run goes on: `cancel` stops it. The loop over the events then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told whenever it changes. */
  readonly onConnection?: (connection: Connection, error?: WidgetstreamError) => void;
}

/** Makes the calls of a stream. */
export interface RunCalls {
  /** Starts the run, or follows one that is known. May be called again: it counts once. */
  start(signal: AbortSignal): AsyncIterable<WidgetEvent>;
  /** Follows a run after a number. */
  subscribe(runId: string, afterSequence: number, signal: AbortSignal): AsyncIterable<WidgetEvent>;
  /** Stops a run. */
  cancel(runId: string): Promise<Run>;
}

/** How a stream keeps going. */
export interface Endurance {
  readonly backoff: Backoff;
  /** Milliseconds without an event or a heartbeat, after which the connection counts as dead. */
  readonly silenceMs: number;
}

/**
 * The events of a run, in order, each once, heartbeats left out. To be iterated once; the call is made then. Each event
 * says its run and its thread.
 *
 * When the connection breaks, the stream subscribes to the run again after the last event. It ends after the run's last
 * event, and not before. Leaving the loop does not stop the run: `cancel` does.
 *
 * The loop throws a `WidgetstreamError` when the request is refused, and a `RunCutError` when the stream broke and could
 * not be picked up again.
 */
export class RunStream implements AsyncIterable<WidgetEvent> {
  readonly #calls: RunCalls;
  readonly #endurance: Endurance;
  readonly #options: FollowOptions;
  readonly #position: StreamPosition;
  #isTaken = false;
  #connection: Connection | undefined;

  constructor(calls: RunCalls, endurance: Endurance, options: FollowOptions = {}, position = new StreamPosition()) {
    this.#calls = calls;
    this.#endurance = endurance;
    this.#options = options;
    this.#position = position;
  }

  /** The run. Empty before the first event. */
  get runId(): string {
    return this.#position.runId;
  }

  /** The thread. Empty before the first event. */
  get threadId(): string {
    return this.#position.threadId;
  }

  /** The number of the last event received. */
  get sequence(): number {
    return this.#position.sequence;
  }

  /** Stops the run, and returns it. What it has said stays, and its last event still comes. */
  async cancel(): Promise<Run> {
    if (!this.runId) throw new WidgetstreamError(Code.FailedPrecondition, "The run has not begun.");
    return this.#calls.cancel(this.runId);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WidgetEvent, void, undefined> {
    if (this.#isTaken) throw new TypeError("A stream of events can be iterated once.");
    this.#isTaken = true;
    const { signal } = this.#options;
    let isFollowing = Boolean(this.runId && this.sequence);
    while (true) {
      signal?.throwIfAborted();
      let thrown: unknown;
      try {
        yield* this.#receive(isFollowing);
      } catch (error) {
        signal?.throwIfAborted();
        thrown = error;
      }
      if (this.#position.ended) return;
      await this.#waitToRepeat(thrown);
      isFollowing = Boolean(this.runId);
    }
  }

  /** Yields what is new on one connection, until it ends. */
  async *#receive(isFollowing: boolean): AsyncGenerator<WidgetEvent, void, undefined> {
    const connection = new AbortController();
    const { signal } = this.#options;
    const giveUp = () => connection.abort(signal?.reason);
    signal?.addEventListener("abort", giveUp, { once: true });
    const position = this.#position;
    try {
      const events = (
        isFollowing
          ? this.#calls.subscribe(position.runId, position.sequence, connection.signal)
          : this.#calls.start(connection.signal)
      )[Symbol.asyncIterator]();
      while (!position.ended) {
        const next = await this.#next(events, connection);
        if (next.done) return;
        this.#tell("connected");
        const standing = position.take(next.value);
        if (standing === "ahead") return;
        if (standing === "next") yield named(next.value, position);
      }
    } finally {
      signal?.removeEventListener("abort", giveUp);
      connection.abort();
    }
  }

  /** Returns the next event. A connection on which none comes is given up. */
  async #next(
    events: AsyncIterator<WidgetEvent, void, undefined>,
    connection: AbortController,
  ): Promise<IteratorResult<WidgetEvent, void>> {
    const timer = setTimeout(() => connection.abort(), this.#endurance.silenceMs);
    try {
      return await events.next();
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits until it is time for another attempt. Throws when there should be none. */
  async #waitToRepeat(thrown: unknown): Promise<void> {
    const { backoff } = this.#endurance;
    const position = this.#position;
    const error = thrown === undefined ? undefined : toWidgetstreamError(thrown);
    const mayTry = position.runId
      ? position.attempts < backoff.attempts && isBroken(thrown)
      : position.attempts < backoff.firstAttempts && (error === undefined || isUnanswered(thrown, error));
    if (!mayTry) {
      if (error && !(position.runId && isBroken(thrown))) throw error;
      throw new RunCutError(Code.Unavailable, "The connection broke, and could not be made again.", { cause: error });
    }
    this.#tell("reconnecting", error);
    // Time without a network is no attempt.
    const isOnline = !isOffline();
    await pauseUntilOnline(
      Math.max(delayMs(backoff, position.attempts), error?.retryAfterMs ?? 0),
      this.#options.signal,
    );
    if (isOnline) position.attempts += 1;
  }

  #tell(connection: Connection, error?: WidgetstreamError): void {
    if (this.#connection === connection) return;
    this.#connection = connection;
    this.#options.onConnection?.(connection, error);
  }
}

/** On the wire the first event of a stream alone says to what it belongs. */
function named(event: WidgetEvent, { runId, threadId }: StreamPosition): WidgetEvent {
  event.runId = runId;
  event.threadId = threadId;
  return event;
}

const BROKEN: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.Canceled,
  Code.Internal,
  Code.Unknown,
  Code.ResourceExhausted,
]);

/** Whether a stream that ended like this was cut: it ended too early, or by a failure that may pass. */
function isBroken(thrown: unknown): boolean {
  if (thrown === undefined) return true;
  if (thrown instanceof ConnectError && isAnswer(thrown)) return BROKEN.has(thrown.code);
  return !(thrown instanceof WidgetstreamError) || BROKEN.has(thrown.code);
}

/** Whether nobody has answered: the request may be sent again, and its id makes it count once. */
function isUnanswered(thrown: unknown, error: WidgetstreamError): boolean {
  return error.code === Code.Unavailable || (thrown instanceof ConnectError && !isAnswer(thrown));
}
