import { describe, expect, inject, test, vi } from "vitest";
import { Code, ErrorReason, WidgetstreamClient } from "../src/index.js";
import { remainingMs, TokenSource } from "../src/tokens.js";

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 27, 12);

/** A token of a quarter of an hour, issued at noon. */
function quarter(name = "a"): string {
  const claims = { sub: name, iat: NOON / 1000, exp: NOON / 1000 + 15 * 60, name: "Zoë→" };
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  return `header.${payload}.signature`;
}

/** Clocks that stand still until they are told; that of the wall may be wrong. */
function clocks(wrongByMs = 0) {
  let passed = 0;
  return {
    wall: () => NOON + wrongByMs + passed,
    steady: () => 1_000 + passed,
    pass: (ms: number) => {
      passed += ms;
    },
  };
}

describe("for how long a token is valid", () => {
  test.each([
    ["when it was just issued", NOON, 15],
    ["when it is older", NOON + 10 * MINUTE, 5],
    ["when the clock is ten minutes late: as if just issued", NOON - 10 * MINUTE, 15],
    ["when the clock is an hour early: as if just issued", NOON + 60 * MINUTE, 15],
    ["when the clock is ten minutes early: shorter than it is, which does no harm", NOON + 10 * MINUTE, 5],
  ])("%s", (_, now, minutes) => {
    expect(remainingMs(quarter(), now)).toBe(minutes * MINUTE);
  });

  test.each(["opaque", "a.b.c", "", `x.${btoa("{}")}.y`, `x.${btoa("[1]")}.y`])("is not known of %j", (token) => {
    expect(remainingMs(token, NOON)).toBe(Number.POSITIVE_INFINITY);
  });

  test("goes by the clock where the token does not say when it was issued", () => {
    const token = `x.${btoa(JSON.stringify({ exp: NOON / 1000 + 60 }))}.y`;

    expect(remainingMs(token, NOON)).toBe(MINUTE);
    expect(remainingMs(token, NOON + 2 * MINUTE)).toBe(0);
  });
});

describe("the next call's token", () => {
  test.each([0, -10 * MINUTE, 60 * MINUTE])(
    "is renewed a minute before it expires, with a clock wrong by %d ms",
    async (wrong) => {
      const time = clocks(wrong);
      const provide = vi.fn(async () => quarter());
      const tokens = new TokenSource(provide, time);

      await Promise.all([tokens.get(), tokens.get()]);
      time.pass(14 * MINUTE - 1);
      await tokens.get();
      expect(provide).toHaveBeenCalledTimes(1);
      time.pass(1);
      await tokens.get();
      expect(provide).toHaveBeenCalledTimes(2);
    },
  );

  test("is the one there is while it lasts, when there is no other", async () => {
    const time = clocks();
    const provide = vi.fn(() => quarter());
    const tokens = new TokenSource(provide, time);
    await tokens.get();
    const signedOut = new Error("signed out");
    provide.mockImplementation(() => {
      throw signedOut;
    });

    time.pass(14.5 * MINUTE);
    expect(await tokens.get()).toBe(quarter());
    time.pass(MINUTE);
    await expect(tokens.get()).rejects.toBe(signedOut);
  });

  test("is another when one was refused, asked for once by all whom it hit", async () => {
    const names = ["a", "b", "c"];
    const tokens = new TokenSource(() => quarter(names.shift()), clocks());
    const refused = await tokens.get();

    expect(await Promise.all([tokens.renew(refused), tokens.renew(refused)])).toEqual([quarter("b"), quarter("b")]);
    expect(await tokens.renew(refused)).toBe(quarter("b"));
    expect(names).toEqual(["c"]);
  });

  test("is none when there is no other than the one that was refused", async () => {
    expect(await new TokenSource("fixed").renew("fixed")).toBeUndefined();
    expect(await new TokenSource(() => "same").renew("same")).toBeUndefined();
  });
});

describe("a call", () => {
  const baseUrl = inject("url");

  test("and a stream are made again with another token when one is refused", async () => {
    const provide = vi.fn(async () => (provide.mock.calls.length === 1 ? "refused" : inject("token")));
    const client = new WidgetstreamClient({ baseUrl, token: provide });

    expect((await Array.fromAsync(client.respond("steps 0"))).at(-1)?.event.case).toBe("runCompleted");
    expect(provide).toHaveBeenCalledTimes(2);
    await client.tasks.listTasks({});
    expect(provide).toHaveBeenCalledTimes(2);
  });

  test("fails when that is refused too, or there is none", async () => {
    const refused = new WidgetstreamClient({ baseUrl, token: () => "refused" });
    await expect(refused.tasks.listTasks({})).rejects.toMatchObject({ reason: ErrorReason.TOKEN_INVALID });
    await expect(Array.fromAsync(refused.respond("help"))).rejects.toMatchObject({ code: Code.Unauthenticated });

    const signedOut = new WidgetstreamClient({ baseUrl, token: () => Promise.reject(new Error("signed out")) });
    await expect(signedOut.tasks.listTasks({})).rejects.toMatchObject({
      code: Code.Unauthenticated,
      cause: { message: "signed out" },
    });
    await expect(Array.fromAsync(signedOut.respond("help"))).rejects.toMatchObject({ code: Code.Unauthenticated });
    await expect(new WidgetstreamClient({ baseUrl }).tasks.listTasks({})).rejects.toMatchObject({
      reason: ErrorReason.TOKEN_MISSING,
    });
  });

  test("waits for a token that cannot be fetched for the moment", async () => {
    const provide = vi.fn(async () => {
      if (provide.mock.calls.length < 3) throw new TypeError("fetch failed");
      return inject("token");
    });
    const client = new WidgetstreamClient({ baseUrl, token: provide, backoff: { firstMs: 1 } });

    expect((await Array.fromAsync(client.respond("steps 0"))).at(-1)?.event.case).toBe("runCompleted");
  });
});
