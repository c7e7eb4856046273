import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "./site";

const BUILD = path.resolve(import.meta.dirname, "../../../build");

/** Times are reported, not asserted: they are the machine's as much as the page's. */
test("reports how soon a person sees something", async ({ visitor, page }) => {
  await visitor.signUp("Stopwatch");
  await visitor.say("add a task to warm up");
  await expect(visitor.log.getByRole("button", { name: "Complete" })).toBeVisible();

  await page.evaluate(() => {
    const seen: Record<string, number> = {};
    Object.assign(window, { seen });
    const start = performance.now();
    new MutationObserver(() => {
      if (!seen.widget && document.body.textContent?.includes("Buy stamps")) {
        requestAnimationFrame(() => {
          seen.widget ??= performance.now() - start;
        });
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
    document.addEventListener("keydown", () => Object.assign(seen, { asked: performance.now() - start }), true);
  });
  await visitor.message.fill("add a task to buy  stamps");
  await visitor.message.press("Enter");
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { seen: { widget?: number } }).seen.widget))
    .toBeTruthy();
  const seen = await page.evaluate(() => (window as unknown as { seen: { asked: number; widget: number } }).seen);
  const milliseconds = Math.round(seen.widget - seen.asked);
  console.log(`first widget on screen after ${milliseconds} ms`);
  mkdirSync(BUILD, { recursive: true });
  writeFileSync(path.join(BUILD, "web-measures.json"), JSON.stringify({ first_widget_ms: milliseconds }));
  expect(milliseconds).toBeGreaterThan(0);
});
