import type { WidgetEvent } from "./gen/widgetstream/chatkit/v1/event_pb.js";

/** What an event is to those who have followed a run so far: the next one, one that came before, or one too far ahead. */
export type Standing = "next" | "known" | "ahead";

/** Whether an event is the last of its run. */
export function isTerminal(event: WidgetEvent): boolean {
  switch (event.event.case) {
    case "runCompleted":
    case "runFailed":
    case "runCanceled":
      return true;
    default:
      return false;
  }
}

/** Where a stream of a run is. Pure: it neither calls nor waits. */
export class StreamPosition {
  /** The run. Empty before the first event. */
  runId: string;
  /** The thread. Empty before the first event. */
  threadId = "";
  /** The number of the last event. */
  sequence: number;
  /** Whether the last event was the run's last. */
  ended = false;
  /** How many attempts were made since the last event. */
  attempts = 0;

  constructor(runId = "", sequence = 0) {
    this.runId = runId;
    this.sequence = sequence;
  }

  /** Notes an event, and returns what it is. One that is ahead is not noted: those before it are missing. */
  take(event: WidgetEvent): Standing {
    this.attempts = 0;
    if (event.runId) this.runId = event.runId;
    if (event.threadId) this.threadId = event.threadId;
    // A heartbeat carries the number of the event before it.
    if (event.event.case === "heartbeat" || event.sequence <= this.sequence) return "known";
    if (event.sequence > this.sequence + 1) return "ahead";
    this.sequence = event.sequence;
    this.ended = isTerminal(event);
    return "next";
  }
}
