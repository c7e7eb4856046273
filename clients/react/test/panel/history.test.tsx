import { screen, waitFor, within } from "@testing-library/react";
import { expect, inject, test } from "vitest";
import { connect, log, play, saw, until, violations } from "./stage.js";

const list = () => within(screen.getByRole("dialog", { name: "Chat history" }));

/** Begins a conversation with a title. */
async function begin(title: string, client = connect()): Promise<string> {
  const stream = client.respond(`title ${title}`);
  await Array.fromAsync(stream);
  return stream.threadId;
}

test("an earlier conversation is opened, and a new one begun", async () => {
  const threadId = await begin("Groceries of Monday");
  const { user, threads } = play();
  await user.click(screen.getByRole("button", { name: "Chat history" }));
  await user.click(await list().findByRole("button", { name: "Groceries of Monday" }));
  await saw("Look at the title.");
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(screen.getByRole("heading", { name: "Groceries of Monday" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "New chat" }));
  expect(screen.getByRole("heading", { name: "What can I help with?" })).toBeTruthy();
  expect(threads).toEqual([threadId, undefined]);
});

test("a conversation gets another title", async () => {
  const threadId = await begin("Old name");
  const { user, client } = play();
  await user.click(screen.getByRole("button", { name: "Chat history" }));
  await user.click(await list().findByRole("button", { name: /Rename, Delete: Old name/ }));
  await user.click(list().getByRole("menuitem", { name: "Rename" }));
  await user.clear(list().getByRole("textbox", { name: "New title of “Old name”" }));
  await user.keyboard("New name{Enter}");
  await list().findByRole("button", { name: "New name" });
  expect((await client.getThread(threadId)).thread?.title).toBe("New name");
});

test("a conversation is deleted when that is confirmed, and not before", async () => {
  const threadId = await begin("To be deleted");
  const { user, client, threads } = play({ threadId });
  await saw("Look at the title.");
  await user.click(screen.getByRole("button", { name: "Chat history" }));
  const remove = async () => {
    await user.click(await list().findByRole("button", { name: /Rename, Delete: To be deleted/ }));
    await user.click(list().getByRole("menuitem", { name: "Delete" }));
  };
  await remove();
  expect(await violations()).toEqual([]);
  await user.click(list().getByRole("button", { name: "Cancel" }));
  expect(list().getByRole("button", { name: "To be deleted" })).toBeTruthy();
  await remove();
  await user.click(list().getByRole("button", { name: "Delete" }));
  await until(() => expect(list().queryByText(/To be deleted/)).toBeNull());
  await expect(client.getThread(threadId)).rejects.toThrow();
  expect(threads).toEqual([undefined]);
});

test("the list comes page by page, and closes with Escape", async () => {
  const client = connect({ token: inject("otherToken") });
  for (let number = 0; number < 22; number++) await begin(`Number ${number}`, client);
  const { user } = play({ client });
  await user.click(screen.getByRole("button", { name: "Chat history" }));
  await list().findByRole("button", { name: "Number 21" });
  expect(list().queryByRole("button", { name: "Number 0" })).toBeNull();
  await user.click(list().getByRole("button", { name: "Show more" }));
  await list().findByRole("button", { name: "Number 0" });
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Chat history" }));
});

test("what is typed stays with its conversation", async () => {
  const threadId = await begin("Drafts");
  const { user, field } = play({ threadId });
  await saw("Look at the title.");
  await user.type(field(), "half a thou");
  await user.click(screen.getByRole("button", { name: "New chat" }));
  expect(field().value).toBe("");
  await user.click(screen.getByRole("button", { name: "Chat history" }));
  await user.click(await list().findByRole("button", { name: "Drafts" }));
  await saw("Look at the title.");
  expect(field().value).toBe("half a thou");
  expect(log()).toBeTruthy();
});

test("a message on its way arrives, and does not follow into another conversation", async () => {
  const { say, user, field, client } = play();
  await say("title On its way");
  await user.click(screen.getByRole("button", { name: "New chat" }));
  await waitFor(
    async () => {
      const titles = (await client.chatkit.listThreads({})).threads.map(({ title }) => title);
      expect(titles).toContain("On its way");
    },
    { timeout: 15_000 },
  );
  expect(field().value).toBe("");
  expect(screen.queryByRole("alert")).toBeNull();
});
