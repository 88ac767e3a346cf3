import { z } from 'zod';
import { changesSchema } from './changes';
import type { Changes } from './changes';
import { eventPatternSchema } from './event-pattern';
import { filterSchema } from './filter-schema';
import { notifySchema } from './notify';
import { ownerSchema } from './owner';
import { retryDelaysSchema } from './retry-delays';
import { scheduleSchema } from './schedule';
import type { Schedule } from './schedule';
import { scorecardGroupSchema } from './scorecard-group';
import type { ScorecardFilter } from './scorecard-group';
import { stepsSchema } from './step';
import { lineOfText, slug } from './text';
import { MAX_NAME_LENGTH } from '../shared/limits';

/** All that a rule can have, before it is settled which of the three kinds it is. */
const ruleFields = z.strictObject({
  id: slug,
  name: lineOfText(MAX_NAME_LENGTH),
  owner: ownerSchema,
  filters: z.strictObject({ changes: changesSchema.optional(), scorecards: scorecardGroupSchema }).optional(),
  /** The sender's own events that the rule listens to, and what must hold of their `data`. */
  event: z.strictObject({ type: eventPatternSchema, filter: filterSchema.optional() }).optional(),
  /** When the rule runs by itself. */
  schedule: scheduleSchema.optional(),
  steps: stepsSchema,
  retry_schedule: retryDelaysSchema,
  /** How the owner is told of escalations. */
  notify: notifySchema.optional(),
  /** Since when the rule is paused, ISO 8601. Null, as in the original, and absent mean that it is not. */
  paused_at: z.iso.datetime({ offset: true }).nullish(),
});

type Fields = z.output<typeof ruleFields>;

type Common = Omit<Fields, 'filters' | 'event' | 'schedule'>;

/** A rule that waits for a change of scorecards. */
export type ScorecardRule = Common & {
  filters: { changes: Changes; scorecards: ScorecardFilter };
  event?: undefined;
  schedule?: undefined;
};

/** A rule that listens to events of the sender's own types; with `filters`, to those about scorecards of a group. */
export type EventRule = Common & {
  filters?: { scorecards: ScorecardFilter };
  event: NonNullable<Fields['event']>;
  schedule?: undefined;
};

/** A rule that runs by the clock: once; with `filters`, once for each scorecard of a group. */
export type ScheduleRule = Common & {
  filters?: { scorecards: ScorecardFilter };
  event?: undefined;
  schedule: Schedule;
};

export type Rule = ScorecardRule | EventRule | ScheduleRule;
export type Step = Rule['steps'][number];

/**
 * A rule in the shape of the original's rule object: which change on which scorecards, which event, or which time calls
 * which webhooks. Strict: an unknown key is an error, since a misspelt option would otherwise be ignored. The output has
 * its defaults filled in, URLs normalised and delays in milliseconds, so it is not itself valid input.
 */
export const ruleSchema = ruleFields.transform(({ filters, event, schedule, ...rest }, context): Rule => {
  const refuse = (path: string[], message: string) => {
    context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  };
  const trigger = event === undefined ? schedule && { schedule } : { event };
  if (trigger === undefined) {
    if (filters === undefined) {
      return refuse(
        ['filters'],
        'is missing: a rule has filters (with changes and scorecards), an event or a schedule',
      );
    }
    const { changes, scorecards } = filters;
    return changes === undefined
      ? refuse(['filters', 'changes'], 'is missing: a rule has filters.changes, an event or a schedule')
      : { ...rest, filters: { changes, scorecards } };
  }
  if (event !== undefined && schedule !== undefined) {
    return refuse(['schedule'], 'must not stand beside event: a rule waits for the one or the other');
  }
  if (filters?.changes !== undefined) {
    return refuse(
      [event === undefined ? 'schedule' : 'event'],
      'must not stand beside filters.changes: a rule waits for either the one or the other',
    );
  }
  const group = filters && { filters: { scorecards: filters.scorecards } };
  return { ...rest, ...group, ...trigger };
});
