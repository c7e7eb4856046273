import type { WidgetstreamClient } from "@widgetstream/client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Texts } from "../texts/index.js";
import type { AttachmentOptions } from "../types.js";
import { MAX_FILES, refusal } from "./accept.js";
import type { DraftFile } from "./draft.js";
import { type Upload, upload } from "./uploads.js";

interface Options {
  client: WidgetstreamClient;
  options: AttachmentOptions;
  texts: Texts;
  locale: string;
  /** How many files are in the draft already. */
  present: number;
  /** A file is there. */
  onDone(file: DraftFile, preview: string | undefined): void;
  /** A file was refused, with the reason in words. */
  onRefused(reason: string): void;
}

/** The files that are on their way, and what can be done with them. */
export interface Uploads {
  uploads: readonly Upload[];
  add(files: Iterable<File>): void;
  retry(key: string): void;
  remove(key: string): void;
}

/** Uploads files beside each other, and deletes from the server what is given up. */
export function useUploads({ client, options, texts, locale, present, onDone, onRefused }: Options): Uploads {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const running = useRef(new Map<string, AbortController>());
  const next = useRef(0);
  const latest = useRef({ onDone, onRefused });
  latest.current = { onDone, onRefused };

  useEffect(
    () => () => {
      for (const controller of running.current.values()) controller.abort();
    },
    [],
  );

  const change = useCallback((key: string, changes: Partial<Upload>) => {
    setUploads((before) => before.map((each) => (each.key === key ? { ...each, ...changes } : each)));
  }, []);

  const start = useCallback(
    async (key: string, file: File, preview: string | undefined) => {
      const controller = new AbortController();
      running.current.set(key, controller);
      let created = "";
      try {
        const done = await upload(
          client,
          file,
          texts,
          {
            onProgress: (progress) => change(key, { progress }),
            onCreated: (id) => {
              created = id;
            },
          },
          controller.signal,
        );
        setUploads((before) => before.filter((each) => each.key !== key));
        latest.current.onDone(done, preview);
      } catch (error) {
        if (created) void client.deleteAttachment(created).catch(() => undefined);
        if (!controller.signal.aborted)
          change(key, { failure: error instanceof Error ? error.message : texts.uploadFailed });
      } finally {
        running.current.delete(key);
      }
    },
    [client, texts, change],
  );

  const add = (files: Iterable<File>) => {
    const most = Math.min(options.maxCount ?? MAX_FILES, MAX_FILES);
    let count = present + uploads.length;
    for (const file of files) {
      if (count >= most) {
        onRefused(texts.tooManyFiles(most));
        return;
      }
      const reason = refusal(file, options, texts, locale);
      if (reason) {
        onRefused(reason);
        continue;
      }
      count += 1;
      next.current += 1;
      const key = `${next.current}`;
      const preview = file.type.startsWith("image/") ? URL.createObjectURL(file) : undefined;
      setUploads((before) => [...before, { key, file, progress: 0, preview }]);
      void start(key, file, preview);
    }
  };
  const retry = (key: string) => {
    const failed = uploads.find((each) => each.key === key);
    if (!failed) return;
    change(key, { progress: 0, failure: undefined });
    void start(key, failed.file, failed.preview);
  };
  const remove = (key: string) => {
    running.current.get(key)?.abort();
    setUploads((before) => {
      for (const each of before) if (each.key === key && each.preview) URL.revokeObjectURL(each.preview);
      return before.filter((each) => each.key !== key);
    });
  };
  return { uploads, add, retry, remove };
}
