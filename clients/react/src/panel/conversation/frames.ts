/**
 * Calls `flush` once in the next frame, however often it is asked to: a page draws no more often than that. A page that
 * is not seen has no frames; there it is called a moment later.
 */
export class Frames {
  #frame: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #flush: () => void;

  constructor(flush: () => void) {
    this.#flush = flush;
  }

  /** Asks for a call. */
  request(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(this.#run, 120);
    this.#frame = globalThis.requestAnimationFrame?.(this.#run);
  }

  /** Calls at once, if it was asked for. */
  flushNow(): void {
    if (this.#timer !== undefined) this.#run();
  }

  /** Forgets what was asked for. */
  cancel(): void {
    clearTimeout(this.#timer);
    if (this.#frame !== undefined) globalThis.cancelAnimationFrame?.(this.#frame);
    this.#timer = undefined;
    this.#frame = undefined;
  }

  readonly #run = (): void => {
    this.cancel();
    this.#flush();
  };
}
