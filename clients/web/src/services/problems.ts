import { Code, ErrorReason, WidgetstreamError } from "@widgetstream/client";

/** Returns what a failed call means to the person, in words that help. */
export function problemText(error: unknown): string {
  if (!(error instanceof WidgetstreamError)) return "Something went wrong on this page. Reload it, and try again.";
  switch (error.reason) {
    case ErrorReason.TASK_NOT_FOUND:
      return "This task is not there any more.";
    case ErrorReason.TOKEN_EXPIRED:
    case ErrorReason.TOKEN_INVALID:
      return "The server does not accept your sign-in just now, perhaps because clocks of its machines differ. Try again in a moment, or sign in anew.";
    case ErrorReason.TOO_MANY_REQUESTS:
      return "Too much is under way at once. Wait a moment, then try again.";
  }
  switch (error.code) {
    case Code.InvalidArgument:
      return error.fieldViolations.length
        ? error.fieldViolations.map(({ field, description }) => `${labelOf(field)} ${description}.`).join(" ")
        : "The server did not take this. Check what you typed.";
    case Code.Unavailable:
    case Code.DeadlineExceeded:
      return navigator.onLine
        ? "The server cannot be reached just now. Nothing is lost; try again in a moment."
        : "You are offline. Nothing is lost; try again when the connection is back.";
    case Code.Unauthenticated:
      return "You are not signed in any more. Sign in again to go on.";
    case Code.ResourceExhausted:
      return "This is more than the server takes.";
    default:
      return "Something went wrong on the server. Try again in a moment.";
  }
}

function labelOf(field: string): string {
  const name = field.replaceAll("_", " ");
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
