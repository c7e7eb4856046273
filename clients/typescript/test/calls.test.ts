import { expect, inject, test } from "vitest";
import {
  Code,
  ErrorReason,
  FeedbackKind,
  type WidgetEvent,
  WidgetstreamClient,
  WidgetstreamError,
} from "../src/index.js";
import { Priority } from "../src/todo.js";

const url = inject("url");
const client = new WidgetstreamClient({ baseUrl: url, token: inject("token"), timeZone: "Europe/Berlin" });

test("a run is a stream of numbered events, from its start to its end", async () => {
  const stream = client.respond("message");
  const events: WidgetEvent[] = [];
  for await (const event of stream) events.push(event);

  expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
  expect(events[0]?.event.case).toBe("runStarted");
  expect(events.at(-1)?.event.case).toBe("runCompleted");
  expect(stream.runId).toMatch(/^run_/);
  expect(stream.threadId).toMatch(/^thr_/);
});

test("threads and items can be read, changed and deleted", async () => {
  const stream = client.respond("echo hello");
  for await (const _ of stream);
  const { threadId } = stream;

  expect((await client.updateThread(threadId, "  Greetings ")).title).toBe("Greetings");
  const { thread, activeRun } = await client.getThread(threadId);
  expect(thread?.title).toBe("Greetings");
  expect(activeRun).toBeUndefined();
  const items = await Array.fromAsync(client.listItems({ threadId, pageSize: 1 }));
  expect(items.map((item) => item.item.case)).toEqual(["userMessage", "assistantMessage"]);
  await client.submitFeedback(threadId, [items[1]?.id ?? ""], FeedbackKind.POSITIVE);
  const titles = await Array.fromAsync(client.listThreads({ pageSize: 1 }), (each) => each.title);
  expect(titles).toContain("Greetings");
  await client.deleteThread(threadId);
  await expect(client.getThread(threadId)).rejects.toMatchObject({
    code: Code.NotFound,
    reason: ErrorReason.THREAD_NOT_FOUND,
    metadata: { thread_id: threadId },
  });
});

test("actions run with their payload, in a run or at once", async () => {
  const shown = client.respond("switch");
  for await (const _ of shown);
  const { threadId } = shown;
  const widget = (await Array.fromAsync(client.listItems({ threadId }))).find((item) => item.item.case === "widget");

  const changed = await client.syncAction("showcase.toggle", { on: true }, { threadId, itemId: widget?.id });
  expect(changed?.id).toBe(widget?.id);
  const echoed: string[] = [];
  for await (const { event } of client.action("showcase.echo", { a: [1, null, "b"] }, { threadId })) {
    if (event.case === "itemUpdated" && event.value.update?.update.case === "textDelta") {
      echoed.push(event.value.update.update.value.delta);
    }
  }
  expect(echoed.join("")).toContain('{"a": [1.0, null, "b"]}');
});

test("what is wrong with a request is said by field", async () => {
  const refusal = await client
    .respond(" ")
    [Symbol.asyncIterator]()
    .next()
    .catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(WidgetstreamError);
  expect(refusal).toMatchObject({
    code: Code.InvalidArgument,
    reason: ErrorReason.INVALID_ARGUMENT,
    fieldViolations: [{ field: "text", description: "must not be blank" }],
  });
});

test("tasks can be kept", async () => {
  const { task } = await client.tasks.createTask({ title: "Milk", priority: Priority.HIGH, tags: ["Home"] });
  const taskId = task?.taskId ?? "";

  expect((await client.tasks.completeTask({ taskId })).task?.completed).toBe(true);
  expect((await Array.fromAsync(client.listTasks({ completed: true }))).map((each) => each.title)).toContain("Milk");
  await client.tasks.deleteTask({ taskId });
  await expect(client.tasks.getTask({ taskId })).rejects.toMatchObject({ reason: ErrorReason.TASK_NOT_FOUND });
});

test("a recording becomes text", async () => {
  expect(await client.transcribe(new Blob(["123"], { type: "audio/webm" }))).toBe("A recording of 3 bytes.");
});

test("a call that is given up rejects with the reason", async () => {
  const controller = new AbortController();
  const asked = client.getThread("thr_unknown", { signal: controller.signal });
  const reason = new Error("changed my mind");
  controller.abort(reason);

  await expect(asked).rejects.toBe(reason);
});

test("what is another's does not exist", async () => {
  const stream = client.respond("echo mine");
  for await (const _ of stream);
  const other = new WidgetstreamClient({ baseUrl: url, token: inject("otherToken") });

  await expect(other.getThread(stream.threadId)).rejects.toMatchObject({ reason: ErrorReason.THREAD_NOT_FOUND });
});
