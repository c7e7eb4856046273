import { expect, test } from "./site";

test.use({
  settings: { WIDGETSTREAM_APP: "tests.e2e.web_showcase:create" },
  // A picture of all elements at each key takes seconds where there are 5,000 rows, and the page none of them.
  trace: { mode: "retain-on-failure", snapshots: false },
});

test("runs nothing of a widget that has a script in every string", async ({ visitor, page }) => {
  await visitor.signUp("Victim");
  await visitor.say("hostile");
  await expect(visitor.log.getByRole("button", { name: /onerror/ })).toBeVisible();
  await visitor.log.getByRole("button", { name: /onerror/ }).click();
  const link = visitor.log.getByText("press me");
  await expect(link).toBeVisible();
  await link.click();
  await visitor.screenshot("chat-hostile");
  expect(await page.title()).not.toContain("owned");
  // No picture of a host that is not allowed, and no address that is a script.
  expect(await page.locator("img[src*='elsewhere'], [src^='javascript'], [href^='javascript']").count()).toBe(0);
});

test("stays usable with a list of 5,000 rows", async ({ visitor, page }) => {
  await visitor.signUp("Archivist");
  await visitor.say("list 5000");
  await expect(visitor.log.getByText("Row 1", { exact: true })).toBeVisible();
  await visitor.message.pressSequentially("still here", { delay: 0 });
  await expect(visitor.message).toHaveValue("still here");
  await visitor.message.fill("");
  await visitor.say("message");
  await expect(visitor.log.getByRole("heading", { name: "A message" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop answering" })).toHaveCount(0);
});

for (const minutes of [-10, 10]) {
  test(`works with a clock that is ${minutes} minutes off`, async ({ visitor, page }) => {
    await page.clock.install({ time: Date.now() + minutes * 60_000 });
    await visitor.signUp(`Clock ${minutes > 0 ? "fast" : "slow"}`);
    await visitor.say("message");
    await expect(visitor.log.getByRole("heading", { name: "A message" })).toBeVisible();
  });
}

test.describe("without cookies", () => {
  test("says why nobody can sign in", async ({ page, context }) => {
    await page.route("**/api/auth/**", async (route) => {
      const answer = await route.fetch();
      // The test's own request has kept them, too.
      await context.clearCookies();
      const { "set-cookie": _, ...headers } = answer.headers();
      await route.fulfill({ response: answer, headers });
    });
    await page.goto("/sign-up");
    await page.getByLabel("Name").fill("Cookieless");
    await page.getByLabel("E-mail").fill("cookieless@example.com");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("alert").filter({ hasText: /cookies/i })).toBeVisible();
    await expect(page.getByLabel("E-mail")).toHaveValue("cookieless@example.com");
  });
});
