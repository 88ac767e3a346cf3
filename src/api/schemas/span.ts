import { z } from 'zod';
import { invalid } from '../problem';

const DAY_MS = 86_400_000;

/** Whatever an offset makes of it, it can be written in UTC with a year of four digits. */
const time = z.iso
  .datetime({ offset: true, abort: true })
  .refine((text) => text >= '1970-01-02' && text < '9999-12-31', 'must be in the years 1970 to 9999');

/** Which time a chart is about, and in how many parts. */
export const spanQuery = {
  from: time.optional().meta({ description: 'The last 24 hours before `to` unless told.' }),
  to: time.optional().meta({ description: 'Now unless told.' }),
  buckets: z.coerce.number().int().min(1).max(60).default(24),
};

/** @param now milliseconds since 1970, as the answer; @throws RequestProblem 422 when it has no length */
export function spanOf(
  given: { from?: string | undefined; to?: string | undefined },
  now: number,
): { from: number; to: number } {
  const to = given.to === undefined ? now : Date.parse(given.to);
  const from = given.from === undefined ? to - DAY_MS : Date.parse(given.from);
  if (from < to) return { from, to };
  throw invalid('The query', [{ path: 'from', message: 'must be before "to"' }]);
}
