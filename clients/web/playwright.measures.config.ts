import type { PlaywrightTestConfig } from "@playwright/test";
import config from "./playwright.config";

/** Measures: they report, and assert nothing, for times are the machine's as much as the page's. */
const measures: PlaywrightTestConfig = { ...config, testDir: "measures", reporter: [["./measures/reporter.ts"]] };

export default measures;
