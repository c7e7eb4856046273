/**
 * How long it takes to fold an event into what a person sees, and to decode it before. Works on what was built:
 * `npm run bench --workspace=typescript`.
 */
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  applyEvent,
  applyEvents,
  EMPTY_THREAD_STATE,
  type ThreadState,
  type WidgetEvent,
  WidgetEventSchema,
  type WidgetSchema,
} from "@widgetstream/client";

type Event = NonNullable<MessageInitShape<typeof WidgetEventSchema>["event"]>;

const EVENTS = 1_000;
const ROUNDS = 15;
const ROWS = 100;

/** A list of rows with a badge and a text each. */
function list(): MessageInitShape<typeof WidgetSchema> {
  const children = Array.from({ length: ROWS }, (_, row) => {
    const text = { id: `text_${row}`, component: { case: "text" as const, value: { value: "Milk", streaming: true } } };
    return {
      id: `row_${row}`,
      component: { case: "listViewItem" as const, value: { children: [badge(row, "open"), text] } },
    };
  });
  return { id: "list", component: { case: "listView", value: { children } } };
}

function badge(row: number, label: string) {
  return { id: `badge_${row}`, component: { case: "badge" as const, value: { label } } };
}

function numbered(first: number, events: Event[]): WidgetEvent[] {
  return events.map((event, index) =>
    create(WidgetEventSchema, { sequence: first + index, runId: "run_a", threadId: "thr_a", event }),
  );
}

function after(begun: Event, make: (index: number) => Event): { state: ThreadState; events: Uint8Array[] } {
  const state = applyEvents(EMPTY_THREAD_STATE, numbered(1, [{ case: "runStarted", value: {} }, begun]));
  const events = numbered(
    3,
    Array.from({ length: EVENTS }, (_, index) => make(index)),
  );
  return { state, events: events.map((event) => toBinary(WidgetEventSchema, event)) };
}

const widget = () => ({ id: "wid_1", item: { case: "widget" as const, value: { widget: list() } } });
const message = { id: "msg_1", item: { case: "assistantMessage" as const, value: {} } };
const shown: Event = { case: "itemAdded", value: { item: widget() } };

const CASES = {
  "a token of an answer": after({ case: "itemAdded", value: { item: message } }, () => ({
    case: "itemUpdated",
    value: { itemId: "msg_1", update: { update: { case: "textDelta", value: { delta: " token" } } } },
  })),
  "a badge of a widget of 301 components": after(shown, (index) => {
    const component = badge(index % ROWS, `label ${index}`);
    const update = { case: "componentUpdated" as const, value: { componentId: component.id, component } };
    return { case: "itemUpdated", value: { itemId: "wid_1", update: { update } } };
  }),
  "a word of a widget of 301 components": after(shown, (index) => {
    const update = { case: "widgetTextDelta" as const, value: { componentId: `text_${index % ROWS}`, delta: " word" } };
    return { case: "itemUpdated", value: { itemId: "wid_1", update: { update } } };
  }),
  "the same widget of 301 components again": after(shown, () => ({ case: "itemReplaced", value: { item: widget() } })),
};

/** Returns the median of the microseconds that each of some rounds takes for an event. */
function measure(round: () => void): number {
  for (let warmUp = 0; warmUp < 3; warmUp++) round();
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    round();
    return ((performance.now() - start) * 1_000) / EVENTS;
  });
  return times.sort((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
}

console.log(
  `${"microseconds an event".padEnd(44)}${"decode".padStart(10)}${"fold".padStart(10)}${"events/s".padStart(12)}`,
);
for (const [name, { state, events }] of Object.entries(CASES)) {
  const decoded = events.map((bytes) => fromBinary(WidgetEventSchema, bytes));
  const decode = measure(() => events.forEach((bytes) => void fromBinary(WidgetEventSchema, bytes)));
  const fold = measure(() => void decoded.reduce(applyEvent, state));
  const perSecond = Math.round(1e6 / (decode + fold)).toLocaleString("en");
  console.log(
    `${name.padEnd(44)}${decode.toFixed(1).padStart(10)}${fold.toFixed(1).padStart(10)}${perSecond.padStart(12)}`,
  );
}
