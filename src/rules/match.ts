import type { Trigger } from './evaluation';
import type { ScorecardEvent } from './event';
import { whyOutside } from './groups';
import type { ScorecardGroups } from './groups';
import type { Rule } from './rule';
import { evaluate } from './trigger';

/** The answer, with its reason as a sentence that a page can show. */
export type Match = { matches: true; reason: string; trigger: Trigger } | { matches: false; reason: string };

/**
 * Whether an event triggers a rule. Pure; throws nothing.
 *
 * A trial (`event.trial`) runs its rule whatever the event would match, even when the rule is paused or the scorecard
 * outside its group, and no other rule. Its trigger is the one that the event yields; when the event would not have
 * fired the rule, the same trigger with nothing selected, marked `trial: true`.
 */
export function match(rule: Rule, event: ScorecardEvent, groups: ScorecardGroups): Match {
  const { changes, scorecards } = rule.filters;
  if (event.trial !== undefined && event.trial.rule_id !== rule.id) {
    return { matches: false, reason: `the event is a trial of another rule, ${event.trial.rule_id}` };
  }
  const { fires, reason, trigger } = evaluate(changes, event, groups.issueTypes);
  if (event.trial !== undefined) {
    return {
      matches: true,
      reason: `a trial of this rule: ${reason}`,
      trigger: fires ? trigger : { ...trigger, trial: true },
    };
  }
  if (rule.paused_at != null) return { matches: false, reason: `the rule is paused since ${rule.paused_at}` };
  const outside = whyOutside(scorecards, event, groups);
  if (outside !== undefined) return { matches: false, reason: outside };
  return fires ? { matches: true, reason, trigger } : { matches: false, reason };
}
