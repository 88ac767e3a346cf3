import { Cron } from 'croner';
import { z } from 'zod';
import { delaySchema } from './retry-delays';
import { MAX_CATCHUP_MS, MIN_CATCHUP_MS } from '../shared/limits';

const VALUE = '(\\d{1,2}|[a-z]{3})';
const FIELD = `(\\*|${VALUE}(-${VALUE})?)(/\\d{1,2})?`;
const LIST = `${FIELD}(,${FIELD})*`;

/** Values, names, lists, ranges and steps: what every cron has. More (`@daily`, `L`, `#`, seconds) differs from one to the next. */
const FIVE_LISTS = new RegExp(`^${LIST}( ${LIST}){4}$`, 'i');

const FIVE_FIELDS =
  'must have five fields of numbers, names, lists, ranges and steps: minute, hour, day of the month, month, day of the week';

/**
 * When a rule runs by itself. Temporal takes both days together (the 13th *and* a Friday) where cron takes either, so an
 * expression that limits both is refused. So is one that never comes, such as the 31st of February.
 */
const cronSchema = z
  .string()
  .trim()
  .max(200)
  .transform((text, context) => {
    const refuse = (message: string) => {
      context.addIssue(message);
      return z.NEVER;
    };
    const cron = text.replace(/[ \t]+/g, ' ');
    if (!FIVE_LISTS.test(cron)) return refuse(FIVE_FIELDS);
    const [, , day, , weekday] = cron.split(' ');
    if (day !== '*' && weekday !== '*') {
      return refuse(
        'must not limit both the day of the month and the day of the week: one of them must be "*"',
      );
    }
    // Temporal leaves the Sunday out of `1-7`, and refuses `sat-sun`.
    if (/-(7|sun)/i.test(weekday ?? '')) {
      return refuse('must not have a range that ends on Sunday: write 0-6, or Sunday by itself');
    }
    try {
      if (cronOf(cron, 'UTC').nextRun() === null) return refuse('never comes: there is no such day');
    } catch (error) {
      return refuse(`is no cron expression: ${(error as Error).message.replace(/^CronPattern: /, '')}`);
    }
    return cron;
  });

/** A name of the IANA time zone database. An offset such as `+02:00` is none: it would be wrong half of the year. */
const timezoneSchema = z
  .string()
  .max(100)
  .refine(isTimezone, 'must be the name of a time zone, such as "Europe/Paris"')
  .default('UTC');

/** What becomes of a run that is due while the one before it has yet to start all of its executions. */
export const OVERLAPS = ['skip', 'buffer_one', 'buffer_all', 'allow_all'] as const;

/** A rule's schedule. `cron` is in the time of `timezone`. Read with its defaults, `catchup` in milliseconds. */
export const scheduleSchema = z.strictObject({
  cron: cronSchema,
  timezone: timezoneSchema,
  overlap: z.enum(OVERLAPS).default('skip'),
  /** A run that was due while nothing could run is made up for within this time. */
  catchup: delaySchema
    .refine((catchupMs) => catchupMs >= MIN_CATCHUP_MS && catchupMs <= MAX_CATCHUP_MS, 'must be 10s to 365d')
    .prefault('1d'),
});

export type Schedule = z.output<typeof scheduleSchema>;

/**
 * The next times at which a schedule is due, after `from`: `count` of them at most. They are Temporal's, but for the hour in
 * which clocks change: Temporal leaves out a time that is skipped then, and may take one that comes twice twice.
 */
export function nextRuns({ cron, timezone }: Schedule, count: number, from: Date): Date[] {
  return cronOf(cron, timezone).nextRuns(count, from);
}

/** How many times a schedule is due in a time, its end excluded: counted up to `limit`. */
export function countRuns({ cron, timezone }: Schedule, from: Date, to: Date, limit: number): number {
  const due = cronOf(cron, timezone);
  let count = 0;
  let at = due.nextRun(new Date(from.getTime() - 1));
  for (; count < limit && at !== null && at < to; at = due.nextRun(at)) count += 1;
  return count;
}

function cronOf(cron: string, timezone: string): Cron {
  return new Cron(cron, { timezone, mode: '5-part', paused: true });
}

function isTimezone(name: string): boolean {
  if (!/^[a-z]/i.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
