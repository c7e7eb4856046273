const PREFIX = "widgetstream.run.";
const KEPT = 20;

/**
 * Which events of a run this tab has acted on. After a reload a run's events come again from the first; what the page did
 * for them must not happen twice.
 */
export class Seen {
  readonly #numbers = new Map<string, number>();

  /** Notes an event. Tells whether it is new to this tab. */
  take(runId: string, sequence: number): boolean {
    const before = this.#numbers.get(runId) ?? read(runId);
    if (sequence <= before) return false;
    this.#numbers.set(runId, sequence);
    return true;
  }

  /** Keeps what was noted of a run, for after a reload. Called for events that the page acts on. */
  keep(runId: string): void {
    const number = this.#numbers.get(runId);
    if (number !== undefined) write(runId, number);
  }
}

function read(runId: string): number {
  try {
    return Number(sessionStorage.getItem(PREFIX + runId)) || 0;
  } catch {
    return 0;
  }
}

function write(runId: string, sequence: number): void {
  try {
    const runs = Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
    if (runs.length >= KEPT) for (const key of runs) sessionStorage.removeItem(key);
    sessionStorage.setItem(PREFIX + runId, `${sequence}`);
  } catch {
    // The browser keeps nothing for this page: after a reload, effects may come twice.
  }
}
