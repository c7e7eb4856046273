import { screen, within } from "@testing-library/react";
import { Code, FeedbackKind, WidgetstreamError } from "@widgetstream/client";
import { expect, inject, test, vi } from "vitest";
import { CuttingProxy } from "../../../typescript/test/stack/cutting-proxy.js";
import { connect, log, play, saw, until, violations } from "./stage.js";

const button = (name: string | RegExp) => screen.getByRole("button", { name });

/** Lets an answer that was asked for with `steps` say another word. */
const go = (threadId: string) => connect().syncAction("go", undefined, { threadId });

/** Begins a thread with some messages and their answers, without a panel. */
async function talk(...texts: string[]): Promise<string> {
  const client = connect();
  let threadId = "";
  for (const text of texts) {
    const stream = client.respond(text, { threadId });
    await Array.fromAsync(stream);
    threadId = stream.threadId;
  }
  return threadId;
}

test("a new conversation begins with a greeting and prompts, and gets its id once", async () => {
  const { user, quiet, threads } = play({
    startScreen: { greeting: "Good day", prompts: [{ label: "Say something", prompt: "end of turn", icon: "bolt" }] },
  });
  expect(screen.getByRole("heading", { name: "Good day" })).toBeTruthy();
  expect(await violations()).toEqual([]);
  await user.click(button("Say something"));
  await saw("Your turn.");
  await quiet();
  expect(threads).toEqual([expect.stringMatching(/^thr_/)]);
});

test("stopping keeps what was said", async () => {
  const { say, user, quiet, field } = play();
  await say("wait");
  await saw("Stop me whenever you like.");
  await user.click(await screen.findByRole("button", { name: "Stop answering" }));
  await saw("You stopped this answer.");
  await quiet();
  expect(log().getByText("Stop me whenever you like.")).toBeTruthy();
  expect(document.activeElement).toBe(field());
});

test("a message that is sent while an answer comes waits its turn", async () => {
  const { say, user, quiet } = play();
  await say("wait");
  await saw("Stop me whenever you like.");
  await say("end of turn");
  await saw("Waits for the answer before it");
  await user.click(button("Stop answering"));
  await saw("Your turn.");
  await quiet();
  const messages = [...document.querySelectorAll(".wsp-bubble")].map((each) => each.textContent);
  expect(messages).toEqual(["wait", "end of turn"]);
});

test("an answer that failed can be asked for again", async () => {
  const { say, user, quiet } = play();
  await say("fail");
  await saw("The showcase fails when it is asked to.");
  await quiet();
  expect(screen.getAllByRole("alert")).toHaveLength(1);
  expect(await violations()).toEqual([]);
  const [first] = document.querySelectorAll("[data-kind=assistantMessage]");
  await user.click(within(screen.getByRole("alert")).getByRole("button", { name: "Try again" }));
  await until(() => {
    const [second, ...others] = document.querySelectorAll<HTMLElement>("[data-kind=assistantMessage]");
    expect(second?.dataset.itemId).not.toBe((first as HTMLElement).dataset.itemId);
    expect(others).toEqual([]);
  });
  await quiet();
  expect(screen.getAllByRole("alert")).toHaveLength(1);
});

test("a reload in the middle of an answer shows what was said, and goes on", async () => {
  const first = play();
  await first.say("steps 3");
  await until(() => expect(first.threadId()).not.toBe(""));
  const threadId = first.threadId();
  await go(threadId);
  await saw("wörd1→😀");
  first.unmount();
  await go(threadId);
  const second = play({ threadId });
  await saw("wörd1→😀 wörd2→😀");
  expect(button("Stop answering")).toBeTruthy();
  await go(threadId);
  await saw("wörd1→😀 wörd2→😀 wörd3→😀");
  await second.quiet();
  expect(document.querySelectorAll("[data-kind]")).toHaveLength(2);
});

test("a connection that breaks is made again, and nothing is missing", async () => {
  const proxy = await CuttingProxy.start(inject("url"));
  const { say, quiet, threadId } = play({ client: connect({ baseUrl: proxy.url, backoff: { firstMs: 1 } }) });
  await say("steps 2");
  await until(() => expect(threadId()).not.toBe(""));
  await go(threadId());
  await saw("wörd1→😀");
  proxy.refuse(2);
  proxy.cut();
  await go(threadId());
  await saw("wörd1→😀 wörd2→😀");
  await quiet();
  expect(screen.queryByText(/connection broke/)).toBeNull();
  await proxy.close();
});

test("a service that is away refuses in words, and the message is in the field again", async () => {
  const onError = vi.fn();
  const client = connect({ baseUrl: "http://127.0.0.1:9", backoff: { firstMs: 1, firstAttempts: 1 } });
  const { say, field } = play({ client, onError });
  await say("hello there");
  await until(() => expect(screen.getByRole("alert").textContent).toContain("cannot be reached"));
  expect(field().value).toBe("hello there");
  expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: Code.Unavailable }));
});

test("offline, nothing is sent and nothing is lost", async () => {
  const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  const { say, field } = play();
  await screen.findByText(/You are offline\. What you have typed is kept/);
  await say("hello there");
  await until(() => expect(screen.getByRole("alert").textContent).toContain("nothing was sent"));
  expect(field().value).toBe("hello there");
  online.mockReturnValue(true);
  window.dispatchEvent(new Event("online"));
  await until(() => expect(screen.queryByText(/What you have typed is kept/)).toBeNull());
});

test("a message that is too long is refused with the reason", async () => {
  const { say, field } = play();
  await say("x".repeat(70_000));
  await until(() => expect(screen.getByRole("alert").textContent).toContain("at most 64 KiB"));
  expect(field().value).toHaveLength(70_000);
});

test("a conversation that is locked says why, and takes nothing", async () => {
  const { say, quiet, field } = play();
  await say("lock for the night");
  await quiet();
  await until(() => expect(screen.getByText("for the night", { selector: ".wsp-closure" })).toBeTruthy());
  expect(field().disabled).toBe(true);
});

test("an unknown conversation is told of in words", async () => {
  play({ threadId: "thr_unknown" });
  await until(() => expect(screen.getByRole("alert").textContent).toContain("does not exist any more"));
});

test("older items come in when the beginning is in view, each once", async () => {
  const threadId = await talk(...Array.from({ length: 16 }, (_, number) => `title number ${number}`));
  play({ threadId });
  await saw("title number 15");
  expect(log().queryByText("title number 0")).toBeNull();
  screen.getByRole("log").dispatchEvent(new Event("scroll"));
  await saw("title number 0");
  const messages = [...document.querySelectorAll(".wsp-bubble")].map((each) => each.textContent);
  expect(messages).toEqual(Array.from({ length: 16 }, (_, number) => `title number ${number}`));
});

test("what changes in another tab is there when this one gets the focus", async () => {
  const threadId = await talk("end of turn");
  play({ threadId });
  await saw("Your turn.");
  await Array.fromAsync(connect().respond("replace", { threadId }));
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5000 });
  window.dispatchEvent(new Event("focus"));
  vi.useRealTimers();
  await saw("The second version.");
});

test("a widget's sync action works while an answer comes", async () => {
  const { say, user, quiet, threadId } = play();
  await say("switch");
  await saw("Off");
  await quiet();
  await say("steps 1");
  await until(() => expect(button("Stop answering")).toBeTruthy());
  await user.click(log().getByRole("checkbox", { name: "Off" }));
  await until(() => expect(log().getByRole("checkbox", { name: "On" })).toBeTruthy());
  expect(button("Stop answering")).toBeTruthy();
  await go(threadId());
  await saw("wörd1→😀");
  await quiet();
});

test("answers can be judged and copied", async () => {
  const { say, user, quiet, client, threadId } = play();
  const submit = vi.spyOn(client, "submitFeedback");
  await say("replace");
  await quiet();
  await user.click(button("Good answer"));
  await until(() => expect(button("Good answer").getAttribute("aria-pressed")).toBe("true"));
  expect(submit).toHaveBeenCalledWith(threadId(), [expect.stringMatching(/^msg_/)], FeedbackKind.POSITIVE);
  await user.click(button("Copy"));
  expect(await navigator.clipboard.readText()).toBe("The second version.");
});

test("feedback that is refused is taken back", async () => {
  const { say, user, quiet, client } = play();
  await say("replace");
  await quiet();
  vi.spyOn(client, "submitFeedback").mockRejectedValue(new WidgetstreamError(Code.Unavailable, "away"));
  await user.click(button("Bad answer"));
  await until(() => expect(screen.getByRole("alert").textContent).toContain("cannot be reached"));
  expect(button("Bad answer").getAttribute("aria-pressed")).toBe("false");
});

test("finished answers are announced once, as a whole", async () => {
  const { say, threadId, quiet } = play();
  const told = () => screen.getAllByRole("status").map((each) => each.textContent);
  await say("steps 2");
  await until(() => expect(threadId()).not.toBe(""));
  await go(threadId());
  await saw("wörd1→😀");
  expect(told().join()).not.toContain("wörd1");
  await go(threadId());
  await quiet();
  await until(() => expect(told()).toContainEqual(expect.stringContaining("Assistant said: wörd1→😀 wörd2→😀")));
  expect(screen.getByRole("log").getAttribute("aria-live")).toBe("off");
});

test("in German, by the locale", async () => {
  const { user } = play({ locale: "de-AT" });
  expect(screen.getByRole("heading", { name: "Wobei kann ich helfen?" })).toBeTruthy();
  await user.keyboard("wait{Enter}");
  await user.click(await screen.findByRole("button", { name: "Antwort anhalten" }));
  await until(() => expect(screen.getByText("Sie haben diese Antwort angehalten.")).toBeTruthy());
});
