import { type Backoff, delayMs, pauseUntilOnline } from "../backoff.js";
import { type Frame, FrameCutter, fieldOf } from "./frames.js";

/** How the body of an answer reaches the run behind it. */
export interface RunDoor {
  /** Follows the run after an event. */
  attach(lastEventId: string, signal: AbortSignal): Promise<Response>;
  /** Stops the run. */
  stop(): void;
}

/** How a body keeps going. */
export interface Endurance {
  readonly backoff: Backoff;
  /** Milliseconds without a byte, after which the connection counts as dead. */
  readonly silenceMs: number;
}

/**
 * The events of a run as the body of one answer, whatever becomes of the connections that they come on.
 *
 * Only whole frames pass, each once. The body ends after the run's last event. Who gives it up has stopped the run,
 * unless the run said that people may not.
 */
export class RunBody {
  /** The events. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;

  readonly #door: RunDoor;
  readonly #endurance: Endurance;
  readonly #gone = new AbortController();
  #connection = new AbortController();
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #cutter = new FrameCutter();
  #lastEventId: string;
  #isEnded = false;
  #allowsCancel = true;
  #attempts = 0;

  /** Begins with the first answer, whose connection `connection` gives up. */
  constructor(runId: string, first: Response, connection: AbortController, door: RunDoor, endurance: Endurance) {
    this.#lastEventId = `${runId}:0`;
    this.#door = door;
    this.#endurance = endurance;
    this.#connection = connection;
    this.#reader = first.body?.getReader();
    this.stream = new ReadableStream({
      pull: (controller) => this.#pull(controller),
      cancel: () => this.giveUp(),
    });
  }

  /** Gives the run up: nothing more comes, and the run is stopped if people may stop it. */
  giveUp(reason?: unknown): void {
    if (this.#isEnded || this.#gone.signal.aborted) return;
    this.#gone.abort(reason);
    this.#connection.abort(reason);
    if (this.#allowsCancel) this.#door.stop();
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      while (!this.#isEnded) {
        const frames = await this.#read();
        if (this.#gone.signal.aborted) throw this.#gone.signal.reason;
        const bytes = frames?.filter((frame) => this.#isNew(frame)).map((frame) => frame.bytes);
        for (const each of bytes ?? []) controller.enqueue(each);
        if (this.#isEnded) return controller.close();
        if (bytes?.length) return;
        if (!frames) await this.#attach();
      }
    } catch (error) {
      this.#isEnded = true;
      this.#connection.abort();
      controller.error(this.#gone.signal.aborted ? this.#gone.signal.reason : error);
    }
  }

  /** Returns the frames that are whole with the next piece. Undefined: the connection is broken. */
  async #read(): Promise<Frame[] | undefined> {
    const connection = this.#connection;
    const timer = setTimeout(() => connection.abort(), this.#endurance.silenceMs);
    try {
      const next = await this.#reader?.read();
      if (!next || next.done) return undefined;
      return this.#cutter.cut(next.value);
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Notes a frame, and returns whether the reader of the body should have it. */
  #isNew(frame: Frame): boolean {
    this.#attempts = 0;
    if (frame.text.startsWith(": end")) {
      this.#isEnded = true;
      return false;
    }
    const id = fieldOf(frame, "id");
    if (id === undefined) return true;
    if (numberOf(id) <= numberOf(this.#lastEventId)) return false;
    this.#lastEventId = id;
    if (frame.text.includes('"stream_options"')) this.#noteOptions(frame);
    return true;
  }

  #noteOptions(frame: Frame): void {
    const event = JSON.parse(fieldOf(frame, "data") ?? "{}");
    if (event.type === "stream_options") this.#allowsCancel = event.stream_options?.allow_cancel !== false;
  }

  /** Makes a new connection, after the last event that came whole. */
  async #attach(): Promise<void> {
    const { backoff } = this.#endurance;
    this.#reader = undefined;
    this.#cutter = new FrameCutter();
    if (this.#attempts >= backoff.attempts) throw new TypeError("The connection broke, and could not be made again.");
    await pauseUntilOnline(delayMs(backoff, this.#attempts), this.#gone.signal);
    this.#attempts += 1;
    this.#connection = new AbortController();
    const timer = setTimeout(() => this.#connection.abort(), this.#endurance.silenceMs);
    let response: Response;
    try {
      response = await this.#door.attach(this.#lastEventId, this.#connection.signal);
    } catch {
      return;
    } finally {
      clearTimeout(timer);
    }
    if (response.ok) {
      this.#reader = response.body?.getReader();
    } else if (response.status < 500 && response.status !== 429) {
      throw new TypeError(`The run cannot be followed any more: HTTP status ${response.status}.`);
    }
  }
}

function numberOf(eventId: string): number {
  return Number(eventId.slice(eventId.lastIndexOf(":") + 1));
}
