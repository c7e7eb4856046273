import { CancelCause, ErrorReason, NoticeLevel, type WidgetEvent } from "@widgetstream/client";
import type { Texts } from "../texts/index.js";
import type { Note } from "./state.js";
import { failureInWords } from "./trouble.js";

/** What an event has to tell the person that is no item, in words. */
export function noteOf({ event, ignorable }: WidgetEvent, texts: Texts): Omit<Note, "key" | "after"> | undefined {
  const note = { level: NoticeLevel.DANGER, title: "", retry: false };
  switch (event.case) {
    case "notice": {
      const { level, title = "", message } = event.value;
      return { ...note, kind: "notice", level, title, text: message };
    }
    case "error": {
      const { code, message, allowRetry } = event.value;
      const text = message || (code === "custom" ? texts.errors.internal : texts.errors.stream);
      return { ...note, kind: "error", text, retry: allowRetry };
    }
    case "runFailed": {
      const { allowRetry, reason } = event.value;
      const retry = allowRetry || reason === ErrorReason.RUN_INTERRUPTED;
      return { ...note, kind: "error", text: failureInWords(event.value, texts), retry };
    }
    case "runCanceled":
      switch (event.value.cause) {
        case CancelCause.USER:
          return { ...note, kind: "stopped", level: NoticeLevel.INFO, text: texts.stopped };
        case CancelCause.INTERRUPTED:
          return { ...note, kind: "stopped", level: NoticeLevel.INFO, text: texts.interrupted };
        case CancelCause.SHUTDOWN:
          return { ...note, kind: "error", text: texts.serverStopped, retry: true };
        default:
          return undefined;
      }
    case undefined:
      if (ignorable) return undefined;
      return { ...note, kind: "notice", level: NoticeLevel.WARNING, text: texts.outdated };
    default:
      return undefined;
  }
}
