import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { Thread } from "@widgetstream/client";
import type { Texts } from "../texts/index.js";

/** Threads that were changed on the same day. */
export interface Day {
  name: string;
  threads: readonly Thread[];
}

/** Sorts threads into today, yesterday, and earlier, by the person's own clock. */
export function byDay(threads: readonly Thread[], now: Date, texts: Texts): readonly Day[] {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1).getTime();
  const days = new Map<string, Thread[]>();
  for (const thread of threads) {
    const changed = thread.updateTime ?? thread.createTime;
    const time = changed ? timestampDate(changed).getTime() : 0;
    const name = time >= today ? texts.today : time >= yesterday ? texts.yesterday : texts.earlier;
    days.set(name, [...(days.get(name) ?? []), thread]);
  }
  return [...days].map(([name, entries]) => ({ name, threads: entries }));
}
