import { Code, WidgetstreamError } from "@widgetstream/client";
import { accounts, UNREACHABLE } from "./accounts";

/**
 * `ended`: the session is over, and calls wait until the person has signed in again. `other`: the browser is signed in
 * as somebody else by now, so that nothing more may be done for the person of this page.
 */
export type SessionState = "active" | "ended" | "other";

/** The tabs of this origin tell each other here. */
const CHANNEL = "widgetstream.session";
const SIGN_IN = "/sign-in";

/** The session of one person on one page. */
export class Session {
  readonly #personId: string;
  #state: SessionState = "active";
  #resumed: PromiseWithResolvers<void> | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #channel = new BroadcastChannel(CHANNEL);

  constructor(personId: string) {
    this.#personId = personId;
    this.#channel.onmessage = () => window.location.assign(SIGN_IN);
  }

  get state(): SessionState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Returns a new token for the service. Where the session has ended, waits until the person has signed in again: what
   * was to be done then goes on, and nothing that was typed is lost.
   *
   * @throws {WidgetstreamError} The server cannot be reached.
   */
  readonly token = async (): Promise<string> => {
    for (;;) {
      const { data, error } = await accounts.token().catch(unanswered);
      if (data && subjectOf(data.token) === this.#personId) {
        this.#set("active");
        return data.token;
      }
      if (!data && error.status !== 401) throw new WidgetstreamError(Code.Unavailable, UNREACHABLE);
      this.#resumed ??= Promise.withResolvers();
      this.#set(data ? "other" : "ended");
      await this.#resumed.promise;
    }
  };

  /** The person has signed in again. */
  readonly resume = (): void => {
    this.#resumed?.resolve();
    this.#resumed = undefined;
    this.#set("active");
  };

  /** Signs out, here and in all other tabs. */
  async signOut(): Promise<void> {
    const { error } = await accounts.signOut().catch(unanswered);
    if (error) throw new WidgetstreamError(Code.Unavailable, UNREACHABLE);
    this.#channel.postMessage("signed out");
    window.location.assign(SIGN_IN);
  }

  #set(state: SessionState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function unanswered() {
  return { data: null, error: { status: 0, statusText: "" } };
}

function subjectOf(token: string): unknown {
  const payload = token.split(".")[1] ?? "";
  return JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))).sub;
}
