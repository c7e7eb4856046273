import { expect, PASSWORD, test } from "./site";

test.use({
  settings: { WIDGETSTREAM_APP: "tests.e2e.web_showcase:create" },
  // A session that has ended is an answer of 401, which browsers report.
  expectedProblems: [/status of 401/],
});

/** Longer than a token is good for. */
const LATER = "16:00";

test("takes a new token in the middle of an answer, and nothing of it is missing", async ({ visitor, page }) => {
  await page.clock.install();
  await visitor.signUp("Ada");
  await visitor.say("steps 3");
  await expect(page).toHaveURL(/thread=/);
  await visitor.go();
  await expect(visitor.log.getByText("wörd1→😀")).toBeVisible();

  // As when a machine has slept: the connection is taken for dead, and the token is too old to make another with.
  const renewed = page.waitForRequest("**/api/auth/token");
  const followed = page.waitForRequest(/ChatKitService\/SubscribeRun$/);
  await page.clock.fastForward(LATER);
  await Promise.all([renewed, followed]);
  await visitor.go();
  await visitor.go();
  await expect(visitor.log.getByText("wörd1→😀 wörd2→😀 wörd3→😀")).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop answering" })).toHaveCount(0);
});

test("asks for the password over the page when the session has ended, and loses nothing", async ({
  visitor,
  page,
  context,
}) => {
  await page.clock.install();
  await visitor.signUp("Bob");
  await visitor.say("message");
  await expect(visitor.log.getByRole("heading", { name: "A message" })).toBeVisible();
  const task = page.getByRole("textbox", { name: "New task" });
  await task.fill("half a task");
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));

  await context.clearCookies();
  await page.clock.fastForward(LATER);
  await visitor.message.fill("annotated");
  await visitor.message.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByLabel("Password")).toBeFocused();
  await visitor.expectAccessible();
  await visitor.screenshot("session-ended");
  await dialog.getByLabel("Password").fill("not the password");
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog.getByRole("alert")).toContainText("no account with this address and password");
  await dialog.getByLabel("Password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Sign in" }).click();

  // The message that was on its way arrives, in the page that was there before.
  await expect(dialog).toHaveCount(0);
  await expect(visitor.log.getByText("annotated", { exact: true })).toBeVisible();
  await expect(visitor.log.getByRole("button", { name: "Good answer" })).toHaveCount(2);
  await expect(task).toHaveValue("half a task");
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
});

test("asks for the password when the page is loaded again", async ({ visitor, page, context }) => {
  await visitor.signUp("Erin");
  await context.clearCookies();
  await page.reload();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.getByLabel("E-mail").fill("erin@example.com");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(visitor.message).toBeVisible();
});
