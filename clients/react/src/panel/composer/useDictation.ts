import type { WidgetstreamClient } from "@widgetstream/client";
import { useCallback, useEffect, useRef, useState } from "react";
import { inWords } from "../conversation/trouble.js";
import type { Texts } from "../texts/index.js";

const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
/** A recording this long is about 2 MB: well below what the server takes. */
const LONGEST_MS = 10 * 60 * 1000;

export interface Dictation {
  state: "idle" | "recording" | "transcribing";
  /** When the recording began, in milliseconds since the epoch. */
  since: number;
  start(): Promise<void>;
  /** Ends the recording and has it written down. */
  finish(): void;
  /** Ends the recording, or the waiting, and forgets it. */
  discard(): void;
}

/** Whether this browser can record at all. */
export const canRecord = (): boolean =>
  typeof MediaRecorder !== "undefined" && Boolean(globalThis.navigator?.mediaDevices?.getUserMedia);

/** Records speech and has the server write it down. */
export function useDictation(
  client: WidgetstreamClient,
  texts: Texts,
  onText: (text: string) => void,
  onFailure: (reason: string) => void,
): Dictation {
  const [state, setState] = useState<Dictation["state"]>("idle");
  const [since, setSince] = useState(0);
  const recorder = useRef<MediaRecorder>(undefined);
  const waiting = useRef<AbortController>(undefined);
  const latest = useRef({ onText, onFailure });
  latest.current = { onText, onFailure };

  const close = useCallback(() => {
    const current = recorder.current;
    recorder.current = undefined;
    if (!current) return;
    for (const track of current.stream.getTracks()) track.stop();
    current.onstop = null;
    if (current.state !== "inactive") current.stop();
  }, []);
  const discard = () => {
    waiting.current?.abort();
    close();
    setState("idle");
  };
  useEffect(
    () => () => {
      waiting.current?.abort();
      close();
    },
    [close],
  );

  const transcribe = async (audio: Blob) => {
    const controller = new AbortController();
    waiting.current = controller;
    setState("transcribing");
    try {
      const text = (await client.transcribe(audio, { signal: controller.signal })).trim();
      if (text) latest.current.onText(text);
      else latest.current.onFailure(texts.dictationSilent);
    } catch (error) {
      if (!controller.signal.aborted) latest.current.onFailure(`${texts.dictationFailed} ${inWords(error, texts)}`);
    }
    if (!controller.signal.aborted) setState("idle");
  };

  const start = async () => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
      const current = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 24_000 });
      const pieces: Blob[] = [];
      current.ondataavailable = ({ data }) => pieces.push(data);
      current.onstop = () => {
        close();
        void transcribe(new Blob(pieces, { type: current.mimeType || mimeType }));
      };
      recorder.current = current;
      current.start(1000);
      setSince(Date.now());
      setState("recording");
    } catch (error) {
      const missing = error instanceof DOMException && error.name === "NotFoundError";
      latest.current.onFailure(missing ? texts.micMissing : texts.micRefused);
    }
  };
  const finish = () => recorder.current?.stop();

  useEffect(() => {
    if (state !== "recording") return undefined;
    const timer = setTimeout(() => recorder.current?.stop(), LONGEST_MS);
    return () => clearTimeout(timer);
  }, [state]);

  return { state, since, start, finish, discard };
}
