const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** A length of time in its largest unit, e.g. `5m`. */
export function roughly(milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  const [unit, size] = UNITS.find(([, each]) => length >= each) ?? ['s', 1_000];
  return `${Math.floor(length / size)}${unit}`;
}

/** How long ago a time was, as `5m`; empty when there is none. */
export function age(time: string | null | undefined, now = Date.now()): string {
  return time ? roughly(now - Date.parse(time)) : '';
}

/** How soon a time is, as `in 5m`; `due` when it has passed; empty when there is none. */
export function until(time: string | null | undefined, now = Date.now()): string {
  if (!time) return '';
  const left = Date.parse(time) - now;
  return left > 0 ? `in ${roughly(left)}` : 'due';
}
