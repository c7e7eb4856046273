import { create } from "@bufbuild/protobuf";
import { type Source, SourceSchema, type Task } from "@widgetstream/client";
import { Icon } from "../../icons/index.js";
import { SourceEntry } from "./SourceEntry.js";

/** What a search looked for and found, or which files were read. */
export function TaskSources({ task: { task } }: { task: Task }) {
  const queries = task.case === "webSearch" ? task.value.queries : [];
  const sources = sourcesOf(task);
  return (
    <>
      {queries.length > 0 && (
        <ul className="wsp-queries">
          {queries.map((query) => (
            <li key={query}>
              <Icon name="search" />
              {query}
            </li>
          ))}
        </ul>
      )}
      {sources.length > 0 && (
        <ul className="wsp-sources">
          {sources.map((source, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: sources may be there twice, and only ever grow
            <li key={index}>
              <SourceEntry source={source} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function sourcesOf(task: Task["task"]): Source[] {
  switch (task.case) {
    case "webSearch":
      return task.value.sources.map((value) => create(SourceSchema, { source: { case: "url", value } }));
    case "file":
      return task.value.sources.map((value) => create(SourceSchema, { source: { case: "file", value } }));
    default:
      return [];
  }
}
