/**
 * Returns a value equal to `next`, made of as much of `previous` as is equal to it. Where both are equal, `previous`
 * itself: what only looks at identity then sees no change. Neither is changed.
 *
 * Values are what messages are made of: scalars, bytes, lists and objects. Entries of lists find each other by their
 * `id` or `key`, else by their place.
 */
export function share<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next;
  if (typeof next !== "object" || next === null || typeof previous !== "object" || previous === null) return next;
  if (Array.isArray(next)) return Array.isArray(previous) ? (shareList(previous, next) as T) : next;
  if (next instanceof Uint8Array) return isSameBytes(previous, next) ? (previous as T) : next;
  return Array.isArray(previous) ? next : shareObject(previous as Fields, next as Fields & T);
}

type Fields = Record<string, unknown>;

function shareObject<T extends Fields>(previous: Fields, next: T): T {
  const names = Object.keys(next);
  let isSame = names.length === Object.keys(previous).length;
  let shared: Fields | undefined;
  for (const name of names) {
    const value = next[name];
    const before = previous[name];
    const kept = share(before, value);
    if (isSame && (!Object.is(kept, before) || !Object.hasOwn(previous, name))) isSame = false;
    if (!Object.is(kept, value)) {
      shared ??= { ...next };
      shared[name] = kept;
    }
  }
  if (isSame) return previous as T;
  return (shared ?? next) as T;
}

function shareList(previous: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  const named = namedEntries(previous);
  let isSame = previous.length === next.length;
  let shared: unknown[] | undefined;
  next.forEach((value, index) => {
    const name = nameOf(value);
    const before = name === undefined ? previous[index] : (named.get(name) ?? previous[index]);
    const kept = share(before, value);
    if (!Object.is(kept, previous[index])) isSame = false;
    if (!Object.is(kept, value)) {
      shared ??= [...next];
      shared[index] = kept;
    }
  });
  return isSame ? previous : (shared ?? next);
}

function namedEntries(list: readonly unknown[]): ReadonlyMap<string, unknown> {
  const named = new Map<string, unknown>();
  for (const entry of list) {
    const name = nameOf(entry);
    if (name !== undefined) named.set(name, entry);
  }
  return named;
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, key } = value as Fields;
  const name = id || key;
  return typeof name === "string" ? name : undefined;
}

function isSameBytes(previous: object, next: Uint8Array): boolean {
  return (
    previous instanceof Uint8Array &&
    previous.length === next.length &&
    previous.every((byte, index) => byte === next[index])
  );
}
