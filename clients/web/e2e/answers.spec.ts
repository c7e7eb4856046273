import { expect, test } from "./site";

// An application that says a word when it is told to, besides all that the showcase does.
test.use({ settings: { WIDGETSTREAM_APP: "tests.e2e.web_showcase:create" } });

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

test("serves a click that is answered at once while an answer streams, and keeps what is typed", async ({
  visitor,
  page,
}) => {
  await visitor.signUp("Carol");
  await visitor.say("metronome");
  const next = visitor.log.getByRole("button", { name: "Next word" });
  await expect(next).toBeVisible();
  await visitor.say("steps 2");
  await expect(page.getByRole("button", { name: "Stop answering" })).toBeVisible();
  await next.click();
  await expect(visitor.log.getByText("wörd1→😀")).toBeVisible();
  await expect(visitor.log.getByText("Asked for 1 word")).toBeVisible();
  await visitor.message.fill("what I type meanwhile");
  await next.click();
  await expect(visitor.log.getByText("wörd1→😀 wörd2→😀")).toBeVisible();
  await expect(visitor.log.getByText("Asked for 2 words")).toBeVisible();
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
    await expect(visitor.log.getByText(/You are offline/)).toBeVisible();
    await expect(visitor.message).toHaveValue("progress");
    await visitor.screenshot("chat-offline");
    await context.setOffline(false);
    await expect(page.getByText(/You are offline\. What/)).toHaveCount(0);
    await visitor.message.press("Enter");
    await expect(visitor.log.getByText("progress", { exact: true })).toBeVisible();
  });
});

test("never runs what a message holds", async ({ visitor, page }) => {
  await visitor.signUp("Frank");
  await visitor.say('<img src=x onerror="document.title=`owned`"><script>document.title="owned"</script>');
  await expect(visitor.log.getByText(/onerror/).first()).toBeVisible();
  expect(await page.title()).not.toContain("owned");
});
