import { expect, test } from "./site";

// An application that says a word when it is told to, besides all that the showcase does.
test.use({ settings: { WIDGETSTREAM_APP: "tests.e2e.paced_showcase:create" } });

test("goes on with an answer after a reload", async ({ visitor, page }) => {
  await visitor.signUp("Ada");
  await visitor.say("steps 3");
  await expect(page).toHaveURL(/thread=/);
  await visitor.go();
  await expect(visitor.log.getByText("wörd1→😀")).toBeVisible();

  await page.reload();
  await expect(visitor.log.getByText("wörd1→😀")).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop answering" })).toBeVisible();
  await visitor.go();
  await visitor.go();
  await expect(visitor.log.getByText("wörd1→😀 wörd2→😀 wörd3→😀")).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop answering" })).toHaveCount(0);
});

test("stops an answer, and keeps what was said", async ({ visitor, page }) => {
  await visitor.signUp("Bob");
  await visitor.say("steps 3");
  await expect(page).toHaveURL(/thread=/);
  await visitor.go();
  await expect(visitor.log.getByText("wörd1→😀")).toBeVisible();
  await page.getByRole("button", { name: "Stop answering" }).click();
  await expect(page.getByText("You stopped this answer.")).toBeVisible();
  await page.reload();
  await expect(visitor.log.getByText("wörd1→😀")).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop answering" })).toHaveCount(0);
});

test("keeps what is typed while an answer streams and sync actions are served", async ({ visitor, page }) => {
  await visitor.signUp("Carol");
  await visitor.say("steps 2");
  await expect(page).toHaveURL(/thread=/);
  await visitor.go();
  await visitor.message.fill("what I type meanwhile");
  await visitor.go();
  await expect(visitor.log.getByText("wörd1→😀 wörd2→😀")).toBeVisible();
  await expect(visitor.message).toHaveValue("what I type meanwhile");
});

test.describe("without the network", () => {
  test.use({ expectedProblems: [/ERR_INTERNET_DISCONNECTED|Failed to (load|fetch)|NetworkError/] });

  test("keeps what was typed, and goes on when it is back", async ({ visitor, page, context }) => {
    await visitor.signUp("Dave");
    await visitor.say("message");
    await expect(visitor.log.getByRole("heading", { name: "A message" })).toBeVisible();
    await context.setOffline(true);
    await expect(page.getByText(/You are offline\. What/).first()).toBeVisible();
    await visitor.message.fill("progress");
    await visitor.message.press("Enter");
    await visitor.screenshot("chat-offline");
    await context.setOffline(false);
    await expect(page.getByText(/You are offline\. What/)).toHaveCount(0);
    // Either it was kept in the field, or it was sent when that was possible again.
    if ((await visitor.message.inputValue()) === "progress") await visitor.message.press("Enter");
    await expect(visitor.log.getByText("progress", { exact: true })).toBeVisible();
  });
});

test.describe("when the session ends", () => {
  test.use({ expectedProblems: [/status of 401/] });

  test("asks for the password when the page is loaded again", async ({ visitor, page, context }) => {
    await visitor.signUp("Erin");
    await visitor.say("message");
    await expect(visitor.log.getByRole("heading", { name: "A message" })).toBeVisible();
    await context.clearCookies();
    await page.reload();
    await expect(page).toHaveURL(/\/sign-/);
    await page.goto("/sign-in");
    await page.getByLabel("E-mail").fill("erin@example.com");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(visitor.message).toBeVisible();
  });
});

test("never runs what a message holds", async ({ visitor, page }) => {
  await visitor.signUp("Frank");
  await visitor.say('<img src=x onerror="document.title=`owned`"><script>document.title="owned"</script>');
  await expect(visitor.log.getByText(/onerror/).first()).toBeVisible();
  expect(await page.title()).not.toContain("owned");
});
