import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { expect, test } from "../e2e/site";

/** Fetched when it is asked for: nobody else needs it. */
const LIGHTHOUSE = "lighthouse@13.5.0";
const CATEGORIES = ["accessibility", "best-practices"] as const;

test("Lighthouse", async ({ visitor, page, stack }, { project }) => {
  test.setTimeout(600_000);
  const chromium = project.use.launchOptions?.executablePath ?? "chromium";
  for (const place of ["/sign-in", "/sign-up", "/specimens"]) await judge(page, stack.url, place, chromium);
  await visitor.signUp("Keeper");
  await visitor.say("add a task to keep the light");
  await expect(visitor.log.getByRole("button", { name: "Good answer" })).toBeVisible();
  await judge(page, stack.url, new URL(page.url()).pathname + new URL(page.url()).search, chromium);
});

/** Lets Lighthouse look at a page as the one who is signed in. */
async function judge(page: Page, origin: string, place: string, chromium: string): Promise<void> {
  const cookies = await page.context().cookies();
  const headers = { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") };
  const folder = await mkdtemp(path.join(tmpdir(), "lighthouse-"));
  const file = path.join(folder, "report.json");
  const address = new URL(place, origin).href;
  await promisify(execFile)(
    "npm",
    ["exec", "--yes", `--package=${LIGHTHOUSE}`, "--", "lighthouse", address, "--quiet", "--output=json"].concat([
      `--output-path=${file}`,
      `--only-categories=${CATEGORIES.join(",")}`,
      `--extra-headers=${JSON.stringify(headers)}`,
      "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-quic",
    ]),
    { cwd: folder, env: { ...process.env, CHROME_PATH: chromium } },
  );
  const report = JSON.parse(await readFile(file, "utf8"));
  await rm(folder, { recursive: true });
  const scores = CATEGORIES.map((name) => `${name} ${Math.round(report.categories[name].score * 100)}`);
  console.log(`${new URL(report.finalDisplayedUrl).pathname.padEnd(45)} ${scores.join(", ")}`);
  const missed = CATEGORIES.flatMap((name) => report.categories[name].auditRefs)
    .filter(({ weight }) => weight > 0)
    .map(({ id }) => report.audits[id])
    .filter(({ score }) => score !== null && score < 1);
  for (const { title } of missed) console.log(`  ${title}`);
}
