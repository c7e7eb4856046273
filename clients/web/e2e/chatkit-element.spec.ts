import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "./site";

const CDN = "https://cdn.platform.openai.com/**";
const STAND_IN = readFileSync(path.join(import.meta.dirname, "chatkit-stand-in.js"), "utf8");

test.use({
  // As it is without any setting.
  settings: { WIDGETSTREAM_CHAT: "auto" },
  expectedHosts: [/^cdn\.platform\.openai\.com$/],
  expectedProblems: [/ERR_FAILED|Failed to load resource/],
});

test("falls back to the built-in panel when the CDN is down", async ({ visitor, page }) => {
  await page.route(CDN, (route) => route.abort());
  await visitor.signUp("Down");
  await expect(page.getByText(/built-in panel is here/)).toBeVisible();
  await visitor.say("add a task to buy milk");
  await expect(visitor.tasks.getByText("Buy milk")).toBeVisible();

  // The next page of the tab does not wait for it again.
  await page.reload();
  await expect(visitor.message).toBeVisible();
  await expect(page.getByText(/built-in panel is here/)).toHaveCount(0);
});

test("falls back when the CDN does not answer", async ({ visitor, page }) => {
  // Never fulfilled, as when a firewall drops what comes.
  await page.route(CDN, () => {});
  await visitor.signUp("Hanging");
  await expect(page.getByText(/built-in panel is here/)).toBeVisible();
});

test("falls back when the element never becomes ready", async ({ visitor, page }) => {
  const script = "customElements.define('openai-chatkit', class extends HTMLElement { setOptions() {} });";
  await page.route(CDN, (route) => route.fulfill({ contentType: "text/javascript", body: script }));
  await visitor.signUp("Mute");
  await expect(page.getByText(/built-in panel is here/)).toBeVisible({ timeout: 15_000 });
});

test("talks to the service through ChatKit's element where that is there", async ({ visitor, page }) => {
  await page.route(CDN, (route) => route.fulfill({ contentType: "text/javascript", body: STAND_IN }));
  await page.goto("/");
  await page.getByLabel("Name").fill("Present");
  await page.getByLabel("E-mail").fill("present@example.com");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Create account" }).click();
  const field = page.getByRole("textbox", { name: "Stand-in message" });
  await field.fill("add a task to buy milk");
  await field.press("Enter");
  await expect(page.getByText("thread.item.done").first()).toBeVisible();
  // The effect of the answer reached the page.
  await expect(visitor.tasks.getByText("Buy milk")).toBeVisible();
});
