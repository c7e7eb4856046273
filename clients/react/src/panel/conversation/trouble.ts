import { ErrorReason, WidgetstreamError } from "@widgetstream/client";
import { durationInWords } from "../items/durations.js";
import type { Texts } from "../texts/index.js";

type Words = Exclude<keyof Texts["errors"], "fault" | "retryIn">;

const BY_REASON: Partial<Record<ErrorReason, Words>> = {
  [ErrorReason.TOKEN_MISSING]: "signIn",
  [ErrorReason.TOKEN_INVALID]: "signIn",
  [ErrorReason.TOKEN_EXPIRED]: "signIn",
  [ErrorReason.ACCESS_DENIED]: "denied",
  [ErrorReason.THREAD_NOT_FOUND]: "threadGone",
  [ErrorReason.ITEM_NOT_FOUND]: "itemGone",
  [ErrorReason.ATTACHMENT_NOT_FOUND]: "attachmentGone",
  [ErrorReason.ATTACHMENT_MISMATCH]: "attachmentMismatch",
  [ErrorReason.THREAD_BUSY]: "busy",
  [ErrorReason.ACTION_UNKNOWN]: "actionUnknown",
  [ErrorReason.ACTION_PAYLOAD_INVALID]: "actionInvalid",
  [ErrorReason.ITEM_STATE_INVALID]: "state",
  [ErrorReason.TOO_MANY_REQUESTS]: "tooMuch",
  [ErrorReason.REQUEST_TOO_LARGE]: "tooLarge",
  [ErrorReason.NOT_IMPLEMENTED]: "notServed",
  [ErrorReason.NOT_CONFIGURED]: "notConfigured",
  [ErrorReason.DEPENDENCY_UNAVAILABLE]: "unreachable",
  [ErrorReason.SHUTTING_DOWN]: "unreachable",
  [ErrorReason.INTERNAL]: "internal",
  [ErrorReason.MODEL_UNAVAILABLE]: "model",
  [ErrorReason.RUN_LIMIT_EXCEEDED]: "limit",
  [ErrorReason.RUN_INTERRUPTED]: "interrupted",
};

/** The status codes of gRPC that need no reason to be understood. */
const BY_CODE: Record<number, Words> = {
  4: "timeout",
  7: "denied",
  8: "tooMuch",
  12: "notServed",
  14: "unreachable",
  16: "signIn",
};

/** Whether the browser knows that there is no network. */
export const isOffline = (): boolean => globalThis.navigator?.onLine === false;

/** What failed, in words for the person. A field that the server names is told with its rule. */
export function inWords(error: unknown, texts: Texts): string {
  if (!(error instanceof WidgetstreamError)) return isOffline() ? texts.errors.offline : texts.errors.internal;
  if (error.reason === ErrorReason.THREAD_NOT_ACTIVE) {
    return error.metadata.status === "closed" ? texts.closed : texts.locked;
  }
  if (error.code === 14 && isOffline()) return texts.errors.offline;
  if (error.reason === ErrorReason.INVALID_ARGUMENT) return invalid(error, texts);
  const words = BY_REASON[error.reason] ?? BY_CODE[error.code];
  const said = words ? texts.errors[words] : error.message || texts.errors.internal;
  return [said, wait(error, texts), fault(error.metadata.correlation_id, texts)].filter(Boolean).join(" ");
}

/** The words for why a run failed. What the application said about it comes first. */
export function failureInWords(
  failure: { reason: ErrorReason; message: string; correlationId?: string | undefined },
  texts: Texts,
): string {
  const words = BY_REASON[failure.reason];
  const ours = words ? texts.errors[words] : texts.errors.stream;
  const said = failure.reason === ErrorReason.MODEL_UNAVAILABLE && failure.message ? failure.message : ours;
  return [said, fault(failure.correlationId, texts)].filter(Boolean).join(" ");
}

/** Whether there is no sense in trying the same again. */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof WidgetstreamError)) return false;
  return [3, 5, 7, 9, 11, 12].includes(error.code);
}

function invalid({ fieldViolations, message }: WidgetstreamError, texts: Texts): string {
  const [first] = fieldViolations;
  if (!first) return message;
  if (/(^|\.)text$/.test(first.field) && /byte|64/.test(first.description)) return texts.errors.tooLong;
  return `${first.field}: ${first.description}`;
}

function wait({ retryAfterMs }: WidgetstreamError, texts: Texts): string {
  if (!retryAfterMs || retryAfterMs < 2000) return "";
  return texts.errors.retryIn(durationInWords(Math.ceil(retryAfterMs / 1000), texts));
}

function fault(id: string | undefined, texts: Texts): string {
  return id ? texts.errors.fault(id) : "";
}
