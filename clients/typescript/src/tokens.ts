/**
 * A bearer token, or what returns one. A function is asked again shortly before the token expires, and once when the
 * service refuses it; it should fetch a new token each time, and throw when there is none.
 */
export type Token = string | (() => string | Promise<string>);

interface Held {
  readonly value: string;
  readonly age: () => number;
  /** Milliseconds after which it is time for another. */
  readonly renewAfterMs: number;
  /** Milliseconds after which it is no longer valid. */
  readonly expiresAfterMs: number;
}

/** The clocks, in milliseconds: that of the wall, which may be wrong or change, and one that only counts up. */
export interface Clocks {
  readonly wall: () => number;
  readonly steady: () => number;
}

const CLOCKS: Clocks = { wall: () => Date.now(), steady: () => performance.now() };
const MARGIN_MS = 60_000;

/** Where the token of the next call comes from. Any number of calls share one renewal. */
export class TokenSource {
  readonly #token: Token;
  readonly #clocks: Clocks;
  #held: Held | undefined;
  #renewal: Promise<string> | undefined;

  constructor(token: Token, clocks: Clocks = CLOCKS) {
    this.#token = token;
    this.#clocks = clocks;
  }

  /** Returns a token that is not known to be expired. Throws what the provider throws, when there is none to go on with. */
  async get(): Promise<string> {
    if (typeof this.#token === "string") return this.#token;
    const held = this.#held;
    if (held && held.age() < held.renewAfterMs) return held.value;
    try {
      return await this.#renew();
    } catch (error) {
      // It is only time for another: the one there is will do while it lasts.
      if (held && held === this.#held && held.age() < held.expiresAfterMs) return held.value;
      throw error;
    }
  }

  /** Returns another token than one that was refused. Undefined: there is no other. */
  async renew(refused: string): Promise<string | undefined> {
    if (typeof this.#token === "string") return undefined;
    // Another call may have met the same refusal before.
    if (this.#held && this.#held.value !== refused) return this.#held.value;
    const value = await this.#renew();
    return value === refused ? undefined : value;
  }

  #renew(): Promise<string> {
    this.#renewal ??= this.#fetch().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #fetch(): Promise<string> {
    const value = await (this.#token as () => string | Promise<string>)();
    const wallAtStart = this.#clocks.wall();
    const steadyAtStart = this.#clocks.steady();
    // A machine that slept has a steady clock that slept too; a wall clock that was set jumps.
    const age = () => Math.max(this.#clocks.steady() - steadyAtStart, this.#clocks.wall() - wallAtStart);
    const expiresAfterMs = remainingMs(value, wallAtStart);
    this.#held = { value, age, expiresAfterMs, renewAfterMs: expiresAfterMs - Math.min(MARGIN_MS, expiresAfterMs / 5) };
    return value;
  }
}

/**
 * Returns for how long a token is still valid, in milliseconds: infinite when it does not say.
 *
 * The local clock may be wrong. Where what it says cannot be (a token that is expired when it comes, or that lasts
 * longer than it was issued for), the token counts as just issued.
 */
export function remainingMs(token: string, now: number): number {
  const claims = claimsOf(token);
  if (typeof claims?.exp !== "number") return Number.POSITIVE_INFINITY;
  const remaining = claims.exp * 1000 - now;
  if (typeof claims.iat !== "number") return Math.max(remaining, 0);
  const lifetime = (claims.exp - claims.iat) * 1000;
  return remaining > 0 && remaining <= lifetime ? remaining : Math.max(lifetime, 0);
}

function claimsOf(token: string): { exp?: unknown; iat?: unknown } | undefined {
  const payload = token.split(".")[1];
  if (payload === undefined) return undefined;
  try {
    return JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return undefined;
  }
}
