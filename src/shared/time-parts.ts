/** A length of time: from its beginning on, and before its end. ISO 8601, UTC. */
export interface TimeSpan {
  from: string;
  to: string;
}

/**
 * A span in parts of about the same length, each of whole units: as many as asked for, or one a unit when it has fewer.
 *
 * @param from of the span, and `to`: milliseconds since 1970; whole units apart, one at least
 */
export function timeParts(
  { from, to }: { from: number; to: number },
  count: number,
  unitMs: number,
): TimeSpan[] {
  const units = (to - from) / unitMs;
  const parts = Math.min(count, units);
  const edge = (nth: number) => new Date(from + Math.floor((nth * units) / parts) * unitMs).toISOString();
  return Array.from({ length: parts }, (_, nth) => ({ from: edge(nth), to: edge(nth + 1) }));
}

/** Which part a time lies in; -1 when it is in none. @param parts one after another, without gaps. @param time ISO 8601, UTC */
export function partAt(parts: readonly TimeSpan[], time: string): number {
  return parts.findIndex(({ from, to }) => from <= time && time < to);
}
