import { z } from 'zod';
import { changesSchema } from './changes';
import type { Changes } from './changes';
import { eventPatternSchema } from './event-pattern';
import { filterSchema } from './filter-schema';
import { notifySchema } from './notify';
import { ownerSchema } from './owner';
import { retryDelaysSchema } from './retry-delays';
import { scorecardGroupSchema } from './scorecard-group';
import type { ScorecardFilter } from './scorecard-group';
import { stepsSchema } from './step';
import { lineOfText, slug } from './text';
import { MAX_NAME_LENGTH } from '../shared/limits';

/** All that a rule can have, before it is settled which of the two kinds it is. */
const ruleFields = z.strictObject({
  id: slug,
  name: lineOfText(MAX_NAME_LENGTH),
  owner: ownerSchema,
  filters: z.strictObject({ changes: changesSchema.optional(), scorecards: scorecardGroupSchema }).optional(),
  /** The sender's own events that the rule listens to, and what must hold of their `data`. */
  event: z.strictObject({ type: eventPatternSchema, filter: filterSchema.optional() }).optional(),
  steps: stepsSchema,
  retry_schedule: retryDelaysSchema,
  /** How the owner is told of escalations. */
  notify: notifySchema.optional(),
  /** Since when the rule is paused, ISO 8601. Null, as in the original, and absent mean that it is not. */
  paused_at: z.iso.datetime({ offset: true }).nullish(),
});

type Fields = z.output<typeof ruleFields>;

/** A rule that waits for a change of scorecards. */
export type ScorecardRule = Omit<Fields, 'filters' | 'event'> & {
  filters: { changes: Changes; scorecards: ScorecardFilter };
  event?: undefined;
};

/** A rule that listens to events of the sender's own types; with `filters`, to those about scorecards of a group. */
export type EventRule = Omit<Fields, 'filters' | 'event'> & {
  filters?: { scorecards: ScorecardFilter };
  event: NonNullable<Fields['event']>;
};

export type Rule = ScorecardRule | EventRule;
export type Step = Rule['steps'][number];

/**
 * A rule in the shape of the original's rule object: which change on which scorecards, or which event, calls which
 * webhooks. Strict: an unknown key is an error, since a misspelt option would otherwise be ignored. The output has its
 * defaults filled in, URLs normalised and delays in milliseconds, so it is not itself valid input.
 */
export const ruleSchema = ruleFields.transform(({ filters, event, ...rest }, context): Rule => {
  const refuse = (path: string[], message: string) => {
    context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  };
  if (event === undefined) {
    if (filters === undefined) {
      return refuse(
        ['filters'],
        'is missing: a rule has either filters (with changes and scorecards) or an event',
      );
    }
    const { changes, scorecards } = filters;
    return changes === undefined
      ? refuse(['filters', 'changes'], 'is missing: a rule has either filters.changes or an event')
      : { ...rest, filters: { changes, scorecards } };
  }
  if (filters === undefined) return { ...rest, event };
  const { changes, scorecards } = filters;
  return changes === undefined
    ? { ...rest, filters: { scorecards }, event }
    : refuse(
        ['event'],
        'must not stand beside filters.changes: a rule waits for either the one or the other',
      );
});
