import { expect, test, Visitor } from "./site";

test("signs up, and out, and in again", async ({ visitor, page }) => {
  await visitor.signUp("Ada Lovelace");
  await visitor.screenshot("chat-empty");

  await page.getByRole("button", { name: /^Menu of/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto("/chat");
  await expect(page).toHaveURL(/\/sign-(in|up)/);

  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill("ada.lovelace@example.com");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /./ })).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue("ada.lovelace@example.com");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(visitor.message).toBeVisible();
});
// A sign-in that is refused is an answer of 401, which browsers report.
test.use({ expectedProblems: [/status of 401/] });

test("adds by chat, completes by a click, and the list follows", async ({ visitor }) => {
  await visitor.signUp("Grace");
  await visitor.say("add a task to buy milk tomorrow");
  const card = visitor.log.getByRole("button", { name: "Complete" });
  await expect(card).toBeVisible();
  await expect(visitor.tasks.getByText("Buy milk")).toBeVisible();
  await visitor.screenshot("chat-card");

  await card.click();
  await expect(visitor.log.getByRole("button", { name: "Reopen" })).toBeVisible();
  await expect(visitor.tasks.getByText("Nothing to do")).toBeVisible();
  await visitor.tasks.getByRole("radio", { name: "Done" }).check();
  await expect(visitor.tasks.getByText("Buy milk")).toBeVisible();
});

test("deletes with a question first, which can be answered with no", async ({ visitor }) => {
  await visitor.signUp("Edsger");
  await visitor.say("add a task to water the plants");
  await expect(visitor.tasks.getByText("Water the plants")).toBeVisible();

  await visitor.log.getByRole("button", { name: "Delete" }).click();
  await visitor.log.getByRole("button", { name: /cancel|keep/i }).click();
  await expect(visitor.tasks.getByText("Water the plants")).toBeVisible();

  await visitor.say("delete water the plants");
  await expect(visitor.log.getByRole("button", { name: /cancel|keep/i })).toBeVisible();
  await visitor.log.getByRole("button", { name: "Delete" }).last().click();
  await expect(visitor.tasks.getByText("Nothing to do")).toBeVisible();
});

test("edits by a form in the chat", async ({ visitor }) => {
  await visitor.signUp("Barbara");
  await visitor.say("add a task to call mom");
  await visitor.log.getByRole("button", { name: "Edit" }).click();
  const title = visitor.log.getByRole("textbox", { name: /title/i });
  await title.fill("Call mother");
  await visitor.screenshot("chat-form");
  await visitor.log.getByRole("button", { name: "Save" }).click();
  await expect(visitor.tasks.getByText("Call mother")).toBeVisible();
});

test("tells the assistant what is done in the list", async ({ visitor, page }) => {
  await visitor.signUp("Donald");
  await page.getByRole("textbox", { name: "New task" }).fill("Typeset the book");
  await page.keyboard.press("Enter");
  await expect(visitor.tasks.getByText("Typeset the book")).toBeVisible();
  await page.getByRole("button", { name: "Edit Typeset the book" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: /title/i }).fill("Typeset volume 4");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(visitor.tasks.getByText("Typeset volume 4", { exact: true })).toBeVisible();

  await visitor.say("show me my tasks");
  await expect(visitor.log.getByText("Typeset volume 4")).toBeVisible();

  await page.getByRole("checkbox", { name: "Complete Typeset volume 4" }).click();
  await expect(visitor.tasks.getByText("Nothing to do")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(visitor.tasks.getByText("Typeset volume 4", { exact: true })).toBeVisible();
});

test("shows two people nothing of each other", async ({ visitor, browser, stack }) => {
  await visitor.signUp("Alice");
  await visitor.say("add a task to read the minutes");
  await expect(visitor.tasks.getByText("Read the minutes")).toBeVisible();
  const address = visitor.page.url();
  expect(address).toContain("thread=");

  const context = await browser.newContext({ baseURL: stack.url });
  const other = new Visitor(await context.newPage());
  await other.signUp("Mallory");
  await expect(other.tasks.getByText("Nothing to do")).toBeVisible();
  await other.page.goto(address);
  await expect(other.message).toBeVisible();
  await expect(other.page.getByText(/does not exist/)).toBeVisible();
  await expect(other.page.getByText("Read the minutes")).toHaveCount(0);
  await context.close();
});

test("keeps two tabs together", async ({ visitor, context }) => {
  await visitor.signUp("Tim");
  await visitor.say("add a task to write a memo");
  await expect(visitor.tasks.getByText("Write a memo")).toBeVisible();

  const second = new Visitor(await context.newPage());
  await second.page.goto(visitor.page.url());
  await expect(second.log.getByRole("button", { name: "Complete" })).toBeVisible();
  await second.log.getByRole("button", { name: "Complete" }).click();
  await expect(second.tasks.getByText("Nothing to do")).toBeVisible();

  await visitor.page.bringToFront();
  await visitor.page.evaluate(() => {
    document.dispatchEvent(new Event("visibilitychange"));
    window.dispatchEvent(new Event("focus"));
  });
  await expect(visitor.tasks.getByText("Nothing to do")).toBeVisible();
  await expect(visitor.log.getByRole("button", { name: "Reopen" })).toBeVisible();
});
