import { expect, onTestFinished, test } from "vitest";
import { createChatKitFetch } from "../src/chatkit-fetch.js";
import { ErrorReason, WidgetstreamClient } from "../src/index.js";
import { Stack } from "./stack/stack.js";

const QUICK = { firstMs: 1, longestMs: 50, attempts: 10_000, firstAttempts: 10_000 };

// Two starts of the whole stack take their time on a busy machine.
test("a server that dies during answers is waited for, and says that they broke", { timeout: 120_000 }, async () => {
  const stack = await Stack.start();
  onTestFinished(() => stack.end());
  const token = await stack.token();
  const client = new WidgetstreamClient({ baseUrl: stack.url, token, backoff: QUICK });

  const stream = client.respond("steps 2");
  const events = stream[Symbol.asyncIterator]();
  const numbers: number[] = [];
  let isSaying = false;
  while (!isSaying) {
    const { value } = await events.next();
    numbers.push(value?.sequence ?? 0);
    isSaying = value?.event.case === "itemAdded";
  }
  const input = { content: [{ type: "input_text", text: "steps 1" }], attachments: [], inference_options: {} };
  const response = await createChatKitFetch({ token, backoff: QUICK })(`${stack.url}/chatkit`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ type: "threads.create", params: { input } }),
  });
  const frames = response.text();

  await stack.kill();
  const again = await stack.restart();
  onTestFinished(() => again.end());
  const rest = await Array.fromAsync({ [Symbol.asyncIterator]: () => events });
  numbers.push(...rest.map(({ sequence }) => sequence));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(rest.at(-1)?.event).toMatchObject({
    case: "runFailed",
    value: { reason: ErrorReason.RUN_INTERRUPTED, allowRetry: true },
  });

  const last = (await frames).trimEnd().split("\n").at(-1) ?? "";
  expect(JSON.parse(last.replace("data: ", ""))).toMatchObject({ type: "error", allow_retry: true });

  const { threadId } = stream;
  const answer = await Array.fromAsync(client.respond("steps 0", { threadId }));
  expect(answer.at(-1)?.event.case).toBe("runCompleted");
});
