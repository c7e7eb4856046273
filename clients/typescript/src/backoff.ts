/** How long to wait before trying again: exponential, with full jitter. */
export interface Backoff {
  /** Milliseconds before the first attempt, at most. */
  readonly firstMs: number;
  /** Milliseconds before any attempt, at most. */
  readonly longestMs: number;
  /** How many attempts without an event in between, before giving up on a run that has begun. */
  readonly attempts: number;
  /** How many more attempts to reach the service with a request that nobody has answered. */
  readonly firstAttempts: number;
  /** A random number from 0 to 1. */
  readonly random: () => number;
}

/** Gives up on a run after about two minutes without a word. */
export const DEFAULT_BACKOFF: Backoff = {
  firstMs: 100,
  longestMs: 5_000,
  attempts: 50,
  firstAttempts: 10,
  random: Math.random,
};

/** Returns the milliseconds to wait before an attempt, counted from 0. */
export function delayMs(backoff: Backoff, attempt: number): number {
  return backoff.random() * Math.min(backoff.longestMs, backoff.firstMs * 2 ** Math.min(attempt, 30));
}

/** Waits. Rejects with the signal's reason as soon as it is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return wait(signal, (done) => {
    const timer = setTimeout(done, ms);
    return () => clearTimeout(timer);
  });
}

/** Waits before an attempt to reconnect: while the browser is offline, until it is not, but no longer than a minute. */
export async function pauseUntilOnline(ms: number, signal?: AbortSignal): Promise<void> {
  if (!isOffline()) return pause(ms, signal);
  await wait(signal, (done) => {
    const timer = setTimeout(done, 60_000);
    globalThis.addEventListener("online", done);
    return () => {
      clearTimeout(timer);
      globalThis.removeEventListener("online", done);
    };
  });
}

/** Whether the browser says that there is no network. */
export function isOffline(): boolean {
  return globalThis.navigator?.onLine === false;
}

function wait(signal: AbortSignal | undefined, start: (done: () => void) => () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const abort = () => {
      stop();
      reject(signal?.reason);
    };
    const stop = start(() => {
      stop();
      signal?.removeEventListener("abort", abort);
      resolve();
    });
    signal?.addEventListener("abort", abort, { once: true });
  });
}
