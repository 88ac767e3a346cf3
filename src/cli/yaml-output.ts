import type { Output } from './output';
import { cleanLines } from './text';

/** What the API adds to what people write. */
const STAMPS = ['version', 'created_at', 'updated_at', 'updated_by', 'next_run_at'];

/** What people look for first, in the order in which the examples have it. */
const ORDER = ['id', 'name', 'description', 'owner', 'event', 'schedule', 'filters', 'steps'];

/** Prints what people write as they may write it, with the rest in a comment above. */
export async function printYaml(out: Output, value: object): Promise<void> {
  const { stringify } = await import('yaml');
  const entries = Object.entries(value);
  const stamps = Object.fromEntries(entries.filter(([key]) => STAMPS.includes(key)));
  const written = Object.fromEntries(
    entries.filter(([key]) => !STAMPS.includes(key)).sort(([a], [b]) => rankOf(a) - rankOf(b)),
  );
  if ('version' in stamps) {
    const { version, updated_at, updated_by } = stamps as Record<string, unknown>;
    out.print(
      out.colors.dim(`# version ${String(version)}, ${String(updated_at)}, by ${String(updated_by)}`),
    );
  }
  const text = stringify(written, { lineWidth: 0 }).trimEnd();
  // A file must hold what was written to the last character.
  out.print(out.isTerminal ? cleanLines(text) : text);
}

function rankOf(key: string): number {
  const rank = ORDER.indexOf(key);
  return rank === -1 ? ORDER.length : rank;
}
