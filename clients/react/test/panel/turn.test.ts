import { create } from "@bufbuild/protobuf";
import { type RunStream, type WidgetEvent, WidgetEventSchema } from "@widgetstream/client";
import { expect, test } from "vitest";
import { Turn } from "../../src/panel/conversation/Turn.js";

function event(said: WidgetEvent["event"]): WidgetEvent {
  return Object.assign(create(WidgetEventSchema), { event: said });
}

test("a run can be stopped from its first event on, until it says that it cannot", () => {
  const turn = new Turn(() => ({ runId: "" }) as RunStream, undefined);
  const options = (allowCancel: boolean) =>
    create(WidgetEventSchema, { event: { case: "streamOptions", value: { streamOptions: { allowCancel } } } });
  const seen = [
    event({ case: "runStarted", value: {} as never }),
    event({ case: "threadCreated", value: {} as never }),
    options(true),
    options(false),
  ].map((each) => {
    turn.take(each);
    return turn.canStop;
  });

  expect(seen).toEqual([true, true, true, false]);
});
