import { z } from 'zod';
import { customEventSchema } from './custom-event';
import { domainSchema } from './domain';
import { SCORECARD_CHANGED } from './event-pattern';
import { eventIdSchema } from './event-id';
import { SEVERITIES } from './scale';
import type { ScheduleEvent } from './schedule-event';
import { lineOfText } from './text';
import { MAX_NAME_LENGTH } from '../shared/limits';

const score = z.number().min(0).max(100);
const count = z.object({ count: z.int().min(0) });

// Any name: a factor that is introduced tomorrow must not make events unusable.
const factorName = z.string().regex(/^[a-z0-9][a-z0-9_]{0,63}$/, 'must be a factor name of a-z, 0-9 and "_"');

const measuredSchema = z.object({
  score: score.optional(),
  /** Only factors that changed are listed. */
  factors: z.record(factorName, score).optional(),
});

/**
 * One issue type. `severity` is ours: the original's events carry none, so a sender that knows it may say so, and the
 * rulebook's `issue_types` answers for the others.
 */
const issueSchema = z.object({
  active: count.optional(),
  departed: count.optional(),
  resolved: count.optional(),
  severity: z.enum(SEVERITIES).optional(),
});

/** The contract's seven fields, which is what receivers know; others are dropped. */
const breachSchema = z.object({
  domain: z.string().optional(),
  root_cause: z.string().optional(),
  company_name: z.string().optional(),
  records_lost: z.number().min(0).optional(),
  date_discovered: z.union([z.number(), z.string()]).optional(),
  type_of_breach: z.string().optional(),
  description: z.string().optional(),
});

/** Whether YYYYMMDD names a day that exists. */
function isCalendarDay(yyyymmdd: number): boolean {
  const [year, month, day] = [
    Math.floor(yyyymmdd / 10_000),
    Math.floor(yyyymmdd / 100) % 100,
    yyyymmdd % 100,
  ];
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1000 && year <= 9999 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/**
 * The event `scorecard.changed`. Fields that it does not know are ignored, since real senders add some;
 * those that it knows are held to their types. Scores are 0..100. With `trial`, that rule alone runs.
 */
export const scorecardEventSchema = z.object({
  id: eventIdSchema.optional(),
  type: z.literal(SCORECARD_CHANGED),
  scorecard_id: lineOfText(MAX_NAME_LENGTH),
  domain: domainSchema,
  platform_score_date: z.int().refine(isCalendarDay, 'must be a day as the integer YYYYMMDD').optional(),
  previous: measuredSchema.optional(),
  current: measuredSchema.optional(),
  issues: z.record(lineOfText(MAX_NAME_LENGTH), issueSchema).optional(),
  breach: breachSchema.optional(),
  trial: z.object({ rule_id: lineOfText(MAX_NAME_LENGTH) }).optional(),
});

export type ScorecardEvent = z.output<typeof scorecardEventSchema>;

/** What senders send. Only events of their own types have `data`. */
export const eventSchema = z.union([scorecardEventSchema, customEventSchema]);

/** What comes in: from senders, and from the schedules of rules. */
export type IncomingEvent = z.output<typeof eventSchema> | ScheduleEvent;

/** Whether an event tells of a change of a scorecard. */
export function isChange(event: IncomingEvent): event is ScorecardEvent {
  return !('data' in event) && !('schedule' in event);
}
