import { mkdirSync } from "node:fs";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { Stack } from "./stack";

const SCREENSHOTS = path.resolve(import.meta.dirname, "../../../build/screenshots");
export const PASSWORD = "correct horse battery";

/** What a page may do besides what a test is about. */
interface Watched {
  /** Errors that a test expects on the console. */
  expectedProblems: RegExp[];
  /** Hosts besides the page's own that a test lets it ask. */
  expectedHosts: RegExp[];
}

interface WorkerOptions {
  /** Settings of the stack. */
  settings: Record<string, string>;
}

/** A person with a page of their own. */
export class Visitor {
  constructor(readonly page: Page) {}

  get message() {
    return this.page.getByRole("textbox", { name: "Message" });
  }

  get log() {
    return this.page.getByRole("log", { name: "Conversation" });
  }

  get tasks() {
    return this.page.getByRole("region", { name: /^Tasks/ });
  }

  async signUp(name: string): Promise<void> {
    const { page } = this;
    await page.goto("/");
    await expect(page).toHaveURL(/\/sign-up$/);
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("E-mail").fill(`${name.toLowerCase().replaceAll(" ", ".")}@example.com`);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page).toHaveURL(/\/chat/);
    await expect(this.message).toBeVisible();
  }

  async say(text: string): Promise<void> {
    await this.message.fill(text);
    await this.message.press("Enter");
    await expect(this.message).toHaveValue("");
  }

  /** Lets the paced application say one more word. */
  async go(): Promise<void> {
    const status = await this.page.evaluate(async () => {
      const { token } = await (await fetch("/api/auth/token")).json();
      const answer = await fetch("/chatkit", {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
        body: JSON.stringify({
          type: "threads.sync_custom_action",
          params: {
            thread_id: new URL(location.href).searchParams.get("thread"),
            item_id: null,
            action: { type: "go", payload: {} },
          },
        }),
      });
      return answer.status;
    });
    expect(status).toBe(200);
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), animations: "disabled" });
  }

  /** Expects that nobody is kept out, as far as a program can tell. */
  async expectAccessible(): Promise<void> {
    const { violations } = await new AxeBuilder({ page: this.page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
  }
}

export const test = base.extend<Watched & { visitor: Visitor }, WorkerOptions & { stack: Stack }>({
  settings: [{}, { option: true, scope: "worker" }],
  expectedProblems: [[], { option: true }],
  expectedHosts: [[], { option: true }],
  stack: [
    async ({ settings }, use) => {
      const stack = await Stack.start(settings);
      await use(stack);
      await stack.end();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ stack }, use) => use(stack.url),
  context: async ({ context, stack, expectedProblems, expectedHosts }, use) => {
    const problems: string[] = [];
    const strangers: string[] = [];
    const note = (text: string) => {
      if (!expectedProblems.some((expected) => expected.test(text))) problems.push(text);
    };
    context.on("console", (message) => message.type() === "error" && note(message.text()));
    context.on("weberror", (error) => note(String(error.error())));
    context.on("request", (request) => {
      const { host, protocol } = new URL(request.url());
      if (!protocol.startsWith("http") || host === new URL(stack.url).host) return;
      if (!expectedHosts.some((expected) => expected.test(host))) strangers.push(request.url());
    });
    await use(context);
    expect(problems, "errors on the console").toEqual([]);
    expect(strangers, "requests to others").toEqual([]);
  },
  visitor: async ({ page }, use) => use(new Visitor(page)),
});

export { expect };
