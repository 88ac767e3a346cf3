import type { Evaluation, Trigger } from './evaluation';
import { isChange } from './event';
import type { IncomingEvent } from './event';
import { SCORECARD_CHANGED } from './event-pattern';
import { evaluateEvent } from './event-trigger';
import { whyOutside } from './groups';
import type { ScorecardGroups } from './groups';
import type { Rule } from './rule';
import { evaluateSchedule } from './schedule-event';
import { evaluate } from './trigger';

/** The answer, with its reason as a sentence that a page can show. */
export type Match = { matches: true; reason: string; trigger: Trigger } | { matches: false; reason: string };

/**
 * Whether an event triggers a rule. Pure; throws nothing.
 *
 * A paused rule matches as any other: its executions begin, and are held until it is resumed.
 *
 * A trial (`event.trial`) runs its rule whatever the event would match, even when the scorecard is outside its group, and
 * no other rule; a pause does not hold it. Its trigger is the one that the event yields; when the event would not have
 * fired the rule, the same trigger with nothing selected, marked `trial: true`.
 */
export function match(rule: Rule, event: IncomingEvent, groups: ScorecardGroups): Match {
  if (event.trial !== undefined && event.trial.rule_id !== rule.id) {
    return { matches: false, reason: `the event is a trial of another rule, ${event.trial.rule_id}` };
  }
  if (event.trial !== undefined) {
    const { fires, reason, trigger } = evaluateRule(rule, event, groups);
    return {
      matches: true,
      reason: `a trial of this rule: ${reason}`,
      trigger: fires ? trigger : { ...trigger, trial: true },
    };
  }
  const outside =
    isOfItsKind(rule, event) && rule.filters && whyOutside(rule.filters.scorecards, event, groups);
  if (typeof outside === 'string') return { matches: false, reason: outside };
  const evaluation = evaluateRule(rule, event, groups);
  if (evaluation.fires) {
    const held = rule.paused_at == null ? '' : ` (held: the rule is paused since ${rule.paused_at})`;
    return { matches: true, reason: `${evaluation.reason}${held}`, trigger: evaluation.trigger };
  }
  return {
    matches: false,
    get reason() {
      return evaluation.reason;
    },
  };
}

function evaluateRule(rule: Rule, event: IncomingEvent, groups: ScorecardGroups): Evaluation {
  if (rule.schedule !== undefined) return evaluateSchedule(rule, event);
  if (rule.event !== undefined) return evaluateEvent(rule.event, event);
  if (isChange(event)) return evaluate(rule.filters.changes, event, groups.issueTypes);
  return {
    ...evaluate(rule.filters.changes, {}, groups.issueTypes),
    reason: `the rule waits for ${SCORECARD_CHANGED}, and this is ${event.type}`,
  };
}

/** Whether the rule listens to events of this kind at all: otherwise it says nothing to look at their scorecard. */
function isOfItsKind(rule: Rule, event: IncomingEvent): boolean {
  if (rule.schedule !== undefined) return 'schedule' in event;
  return rule.event === undefined ? isChange(event) : 'data' in event;
}
