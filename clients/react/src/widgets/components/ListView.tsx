import type { ListLimit } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import { useLayoutEffect, useRef, useState } from "react";
import type { ComponentProps } from "../component.js";
import { siblingKeys } from "../keys.js";
import { schemeAttributes } from "../style/scheme.js";
import { named, WidgetNode } from "../WidgetNode.js";
import { Status } from "./Status.js";
import { useGrowing } from "./useGrowing.js";

// What `auto` shows at first: enough to see what the list is, little enough to see what follows it.
const AUTO_LIMIT = 6;

/** A list of rows, with the first few shown when it has a limit. Long lists fill in while the page is idle. */
export function ListView({ value, widget }: ComponentProps<"listView">) {
  const [expanded, setExpanded] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const limit = expanded ? Number.POSITIVE_INFINITY : limitOf(value.limit);
  const wanted = Math.min(value.children.length, limit);
  const count = useGrowing(wanted);
  const hidden = value.children.length - wanted;
  const rows = count < value.children.length ? value.children.slice(0, count) : value.children;
  const keys = siblingKeys(rows);

  // The button is gone once it was used: the focus goes to what it brought.
  const shownBefore = useRef<number>(undefined);
  useLayoutEffect(() => {
    const first = shownBefore.current;
    if (first === undefined || !expanded) return;
    shownBefore.current = undefined;
    const row = list.current?.children[first];
    const target = row?.querySelector<HTMLElement>("button, a[href], input") ?? (row as HTMLElement | undefined);
    target?.focus({ preventScroll: true });
  }, [expanded]);

  return (
    <section className="ws-list" {...schemeAttributes(undefined, value.theme)} {...named(widget)}>
      {value.status && <Status status={value.status} />}
      <ul
        ref={list}
        className="ws-list__rows"
        data-long={wanted > 50 || undefined}
        aria-busy={count < wanted || undefined}
      >
        {rows.map((row, index) =>
          row.component.case === "listViewItem" ? (
            <WidgetNode key={keys[index]} widget={row} />
          ) : (
            <li key={keys[index]} className="ws-list-item">
              <WidgetNode widget={row} />
            </li>
          ),
        )}
      </ul>
      {hidden > 0 && (
        <button
          type="button"
          className="ws-list__more"
          onClick={() => {
            shownBefore.current = wanted;
            setExpanded(true);
          }}
        >
          Show {hidden} more
        </button>
      )}
    </section>
  );
}

function limitOf(limit: ListLimit | undefined): number {
  const value = limit?.value;
  if (value?.case === "count" && value.value > 0) return value.value;
  return value?.case === "mode" && value.value === "auto" ? AUTO_LIMIT : Number.POSITIVE_INFINITY;
}
