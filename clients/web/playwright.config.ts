import { existsSync } from "node:fs";
import path from "node:path";
import { defineConfig } from "@playwright/test";

const BUILD = path.resolve(import.meta.dirname, "../../build");

/** The browser of the machine; what Playwright would download is not needed. */
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export default defineConfig({
  testDir: "e2e",
  outputDir: path.join(BUILD, "web-e2e"),
  // One stack and one browser at a time: what is tested is the page, not the machine.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    viewport: { width: 1280, height: 820 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? CHROMIUM.find((place) => existsSync(place)),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
