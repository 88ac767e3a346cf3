/** Rows that one statement reads or writes: with all their columns far below the 32,766 parameters that it may have. */
const AT_ONCE = 500;

/** A list in parts, each for one statement. */
export function* slices<T>(all: readonly T[], size = AT_ONCE): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}

export function groupBy<T>(all: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const group = groups.get(keyOf(each)) ?? [];
    groups.set(keyOf(each), group);
    group.push(each);
  }
  return groups;
}
