import type { FollowOptions, RunStream, WidgetEvent } from "@widgetstream/client";

/** One run that the page follows, from the request that begins it to its last event. */
export class Turn {
  /** What tells of the run's events. */
  readonly stream: RunStream;
  readonly #connection: AbortController;
  /** The message that asked for it, by the key of its item. */
  readonly message: string | undefined;
  /** Whether the service has taken the request. */
  accepted = false;
  /** Whether its turn has come: a run that waits has said nothing but that it is there. */
  begun = false;
  /** Whether the person may stop it: until it says otherwise, so that the button does not come and go. */
  canStop = true;
  stopping = false;
  /** Whether nobody wants to know of it any more. */
  abandoned = false;
  /** The item that waits for the page or the person, when the run has ended. */
  pendingItemId: string | undefined;

  constructor(
    start: (options: FollowOptions) => RunStream,
    onConnection: FollowOptions["onConnection"],
    message?: string,
  ) {
    this.#connection = new AbortController();
    this.stream = start({ signal: this.#connection.signal, onConnection });
    this.message = message;
    // A run that is only followed was taken before.
    this.accepted = this.stream.runId !== "";
  }

  /** Ends the connection, but not before the service has taken the request. The run goes on. */
  abandon(): void {
    this.abandoned = true;
    if (this.accepted) this.#connection.abort();
  }

  /** Notes what an event says of the run itself. Tells whether that changed what the page shows of it. */
  take({ event }: WidgetEvent): boolean {
    const { accepted, begun, canStop } = this;
    this.accepted = true;
    if (event.case !== "runStarted") this.begun = true;
    if (event.case === "streamOptions") this.canStop = event.value.streamOptions?.allowCancel ?? false;
    if (event.case === "runCompleted") this.pendingItemId = event.value.pendingItemId;
    return accepted !== this.accepted || begun !== this.begun || canStop !== this.canStop;
  }
}
