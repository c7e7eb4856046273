import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "./gen/google/rpc/error_details_pb.js";
import { ErrorReason } from "./gen/widgetstream/chatkit/v1/error_reason_pb.js";

/** A field of a request that breaks a rule. */
export interface FieldViolation {
  /** Path of the field in the request, such as `action.payload.count`. */
  readonly field: string;
  /** The rule. */
  readonly description: string;
}

/** What is known of a failure. */
export interface ErrorFacts {
  readonly reason?: ErrorReason;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly fieldViolations?: readonly FieldViolation[];
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** A call that failed. */
export class WidgetstreamError extends Error {
  /** The status code of gRPC. */
  readonly code: Code;
  /** Why. `UNSPECIFIED` when the failure did not come from the service. */
  readonly reason: ErrorReason;
  /** Facts, such as the id that was not found. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The fields at fault. */
  readonly fieldViolations: readonly FieldViolation[];
  /** Milliseconds after which trying again may help. Undefined: not stated. */
  readonly retryAfterMs: number | undefined;

  constructor(code: Code, message: string, facts: ErrorFacts = {}) {
    super(message, { cause: facts.cause });
    this.code = code;
    this.reason = facts.reason ?? ErrorReason.UNSPECIFIED;
    this.metadata = facts.metadata ?? {};
    this.fieldViolations = facts.fieldViolations ?? [];
    this.retryAfterMs = facts.retryAfterMs;
  }

  override get name(): string {
    return "WidgetstreamError";
  }
}

/** The stream of a run broke, and could not be picked up again. What the run said is in its thread. */
export class RunCutError extends WidgetstreamError {
  override get name(): string {
    return "RunCutError";
  }
}

const UNREACHABLE = "The service cannot be reached.";

/** Returns whatever a call threw as one of ours, with the details that the service sent. */
export function toWidgetstreamError(thrown: unknown): WidgetstreamError {
  if (thrown instanceof WidgetstreamError) return thrown;
  // What `fetch` throws when the network fails.
  if (thrown instanceof TypeError) return new WidgetstreamError(Code.Unavailable, UNREACHABLE, { cause: thrown });
  const error = ConnectError.from(thrown);
  if (!isAnswer(error) && error.code === Code.Unknown) {
    return new WidgetstreamError(Code.Unavailable, UNREACHABLE, { cause: error });
  }
  const [info] = error.findDetails(ErrorInfoSchema);
  const [badRequest] = error.findDetails(BadRequestSchema);
  const [retry] = error.findDetails(RetryInfoSchema);
  return new WidgetstreamError(error.code, error.rawMessage, {
    reason: reasonOf(info?.reason),
    metadata: info?.metadata,
    fieldViolations: badRequest?.fieldViolations.map(({ field, description }) => ({ field, description })),
    retryAfterMs: retry?.retryDelay && Number(retry.retryDelay.seconds) * 1000 + retry.retryDelay.nanos / 1e6,
    cause: error,
  });
}

/** Returns a refusal over plain HTTP, whose body is a `google.rpc.Status` as JSON, as an error. */
export function fromHttpAnswer(status: number, body: string): WidgetstreamError {
  const parsed = parseStatus(body);
  if (!parsed) return new WidgetstreamError(codeOfHttp(status), `HTTP status ${status}`);
  const detail = (name: string) => parsed.details?.find((each) => each["@type"]?.endsWith(name));
  const info = detail("google.rpc.ErrorInfo");
  const retry = detail("google.rpc.RetryInfo")?.retry_delay;
  return new WidgetstreamError(parsed.code in Code ? parsed.code : codeOfHttp(status), parsed.message, {
    reason: reasonOf(info?.reason),
    metadata: info?.metadata,
    fieldViolations: detail("google.rpc.BadRequest")?.field_violations,
    retryAfterMs: retry === undefined ? undefined : Number.parseFloat(retry) * 1000,
  });
}

/** Whether the failure is what somebody answered, and not a broken connection. */
export function isAnswer(thrown: unknown): boolean {
  // Errors of the connection have no headers: there was no answer.
  return thrown instanceof ConnectError && !thrown.metadata.keys().next().done;
}

interface JsonStatus {
  code: number;
  message: string;
  details?: JsonDetail[];
}

interface JsonDetail {
  "@type"?: string;
  reason?: string;
  metadata?: Record<string, string>;
  field_violations?: FieldViolation[];
  retry_delay?: string;
}

function parseStatus(body: string): JsonStatus | undefined {
  try {
    const parsed = JSON.parse(body);
    return typeof parsed?.code === "number" && typeof parsed.message === "string" ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(name: string | undefined): ErrorReason | undefined {
  return name === undefined ? undefined : ErrorReason[name as keyof typeof ErrorReason];
}

function codeOfHttp(status: number): Code {
  switch (status) {
    case 400:
      return Code.InvalidArgument;
    case 401:
      return Code.Unauthenticated;
    case 403:
      return Code.PermissionDenied;
    case 404:
      return Code.NotFound;
    case 413:
    case 429:
      return Code.ResourceExhausted;
    case 502:
    case 503:
    case 504:
      return Code.Unavailable;
    default:
      return Code.Unknown;
  }
}
