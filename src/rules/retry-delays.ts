import ms from 'ms';
import { z } from 'zod';
import { DEFAULT_RETRY_DELAYS_MS, MAX_RETRIES, MAX_SCHEDULE_MS } from '../shared/limits';

const HOW_TO_WRITE = 'must be a time with its unit, such as "6m", "54m", "3h" or "1d"';
const SHORTEST_DELAY_MS = 1_000;

/** A length of time of at least 1 s, as people write it. Read as milliseconds. */
export const delaySchema = z.string(HOW_TO_WRITE).transform((text, context) => {
  // ms() takes a bare number for milliseconds; nobody who writes "6" means that.
  const delayMs = /[a-z]\s*$/i.test(text) && text.length <= 100 ? ms(text as ms.StringValue) : NaN;
  // undefined at run time when it cannot be parsed, whatever the types say.
  if (!Number.isFinite(delayMs)) {
    context.addIssue(HOW_TO_WRITE);
    return z.NEVER;
  }
  if (delayMs < SHORTEST_DELAY_MS) {
    context.addIssue('must be at least 1 s');
    return z.NEVER;
  }
  return Math.round(delayMs);
});

/**
 * The delays before retries 1, 2, …, each counted from the attempt before it: `[6m, 54m, 3h, 8h, 24h]` means retries
 * 6 min, 1 h, 4 h, 12 h and 36 h after the first attempt, which is the contract's schedule and the default. Read as
 * durations, kept as milliseconds; each at least 1 s, at most MAX_RETRIES of them, MAX_SCHEDULE_MS in sum. An empty list
 * means that nothing is retried.
 */
export const retryDelaysSchema = z
  .array(delaySchema)
  .max(MAX_RETRIES)
  .refine(
    (delays) => delays.reduce((sum, each) => sum + each, 0) <= MAX_SCHEDULE_MS,
    `must not be longer than ${MAX_SCHEDULE_MS / 86_400_000} days in sum`,
  )
  .default(() => [...DEFAULT_RETRY_DELAYS_MS]);
