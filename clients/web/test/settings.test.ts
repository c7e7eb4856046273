import { describe, expect, test } from "vitest";
import { chosenFrontend, chosenTheme, frontendOfPage } from "@/server/choices";
import { contentSecurityPolicy } from "@/server/content-security-policy";
import { readSettings } from "@/server/settings";

const KEY = { WIDGETSTREAM_SESSION_KEY: "k".repeat(64) };

function cookies(values: Record<string, string>) {
  return { get: (name: string) => (name in values ? { value: values[name] as string } : undefined) };
}

describe("settings", () => {
  test("without any, ChatKit's element draws the chat and accounts are embedded", () => {
    const settings = readSettings(KEY);
    expect(settings).toMatchObject({ chat: "chatkit", databaseUrl: undefined, signUp: true, demoAccount: false });
  });

  test("on another host, ChatKit's element wants a domain key", () => {
    const there = { ...KEY, WIDGETSTREAM_PUBLIC_URL: "https://chat.example" };
    expect(readSettings(there).chat).toBe("built-in");
    expect(readSettings({ ...there, WIDGETSTREAM_CHATKIT_DOMAIN_KEY: "pk" }).chat).toBe("chatkit");
    expect(readSettings({ ...KEY, WIDGETSTREAM_CHATKIT_DOMAIN_KEY: "pk" }).chat).toBe("chatkit");
    expect(readSettings({ ...KEY, WIDGETSTREAM_CHATKIT_DOMAIN_KEY: "pk", WIDGETSTREAM_CHAT: "built-in" }).chat).toBe(
      "built-in",
    );
  });

  test.each([
    ["postgresql+asyncpg://u:p@db/w", "postgresql://u:p@db/w"],
    ["postgres://db/w", "postgresql://db/w"],
    ["sqlite:///x.db", undefined],
    ["", undefined],
  ])("the database %s", (url, expected) => {
    expect(readSettings({ ...KEY, WIDGETSTREAM_DATABASE_URL: url }).databaseUrl).toBe(expected);
  });

  test.each([
    [{}, "WIDGETSTREAM_SESSION_KEY"],
    [{ ...KEY, WIDGETSTREAM_CHAT: "other" }, "WIDGETSTREAM_CHAT"],
    [{ ...KEY, WIDGETSTREAM_PUBLIC_URL: "nowhere" }, "WIDGETSTREAM_PUBLIC_URL"],
    [{ ...KEY, WIDGETSTREAM_SIGN_INS_PER_MINUTE: "many" }, "WIDGETSTREAM_SIGN_INS_PER_MINUTE"],
  ])("what cannot be used is named: %j", (env, name) => {
    expect(() => readSettings(env)).toThrow(name);
  });
});

describe("choices of a person", () => {
  const settings = readSettings({ ...KEY, WIDGETSTREAM_CHAT: "built-in" });

  test("come before the settings", () => {
    expect(chosenFrontend(settings, cookies({ "widgetstream.chat": "chatkit" }))).toBe("chatkit");
    expect(chosenTheme(cookies({ "widgetstream.theme": "dark" }))).toBe("dark");
  });

  test("that nobody offers do not count", () => {
    expect(chosenFrontend(settings, cookies({ "widgetstream.chat": "<script>" }))).toBe("built-in");
    expect(chosenTheme(cookies({ "widgetstream.theme": "x" }))).toBe("system");
  });
});

describe("the policy of a page", () => {
  const settings = readSettings({ ...KEY, WIDGETSTREAM_IMAGE_DOMAINS: "images.example" });

  test("lets nothing of others in while the chat is built in, but images that the settings name", () => {
    const origins = contentSecurityPolicy(settings, "n", "built-in").match(/https?:[^\s;]*/g);
    expect(origins).toEqual(["https://images.example"]);
  });

  test.each(["/sign-in", "/sign-up", "/specimens", "/", "/chat/of-nobody"])(
    "lets nobody in without a chat: %s",
    (page) => {
      const element = readSettings({ ...KEY, WIDGETSTREAM_CHAT: "chatkit" });
      expect(frontendOfPage(element, "/chat", cookies({}))).toBe("chatkit");
      expect(contentSecurityPolicy(element, "n", frontendOfPage(element, page, cookies({})))).not.toContain("http");
    },
  );

  test("lets the element's origin in where it is chosen", () => {
    const policy = contentSecurityPolicy(settings, "n", "chatkit");
    expect(policy).toContain("frame-src https://cdn.platform.openai.com;");
  });

  test.each(["built-in", "chatkit", undefined] as const)("runs no script without the nonce: %s", (frontend) => {
    const scripts = contentSecurityPolicy(settings, "n", frontend).match(/script-src ([^;]*)/)?.[1];
    expect(scripts).toContain("'nonce-n'");
    expect(scripts).not.toContain("unsafe");
  });
});
