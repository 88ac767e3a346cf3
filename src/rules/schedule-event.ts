import type { Evaluation } from './evaluation';
import type { IncomingEvent, ScorecardEvent } from './event';
import { jsonOf } from './json-of';
import type { ScheduleRule } from './rule';
import { gradeOf } from './scale';

/** The type of the trigger of a run by the clock. */
export const SCHEDULE = 'schedule';

/**
 * What a rule's schedule makes when it is due: an event for that rule alone, which no sender can send. `current` is the
 * state of its scorecard as far as events have told it.
 */
export interface ScheduleEvent {
  id?: string | undefined;
  type: typeof SCHEDULE;
  schedule: {
    rule_id: string;
    /** When the run was due, ISO 8601, UTC: not when it began. */
    due_at: string;
  };
  scorecard_id?: string | undefined;
  domain?: string | undefined;
  current?: ScorecardEvent['current'];
  platform_score_date?: number | undefined;
  trial?: { rule_id: string } | undefined;
}

/** Whether an event comes from the schedule of a rule. Its trigger has the time that it was due, and the scorecard's state. */
export function evaluateSchedule(rule: ScheduleRule, event: IncomingEvent): Evaluation {
  if (event.type !== SCHEDULE || !('schedule' in event)) {
    const { cron, timezone } = rule.schedule;
    return {
      fires: false,
      reason: `the rule runs by its schedule, ${cron} in ${timezone}, and this is ${event.type}`,
      trigger: { type: SCHEDULE },
    };
  }
  const { rule_id: of, due_at: dueAt } = event.schedule;
  const { score, factors } = event.current ?? {};
  const current = {
    ...(score !== undefined && { score, grade: gradeOf(score) }),
    ...(factors !== undefined && { factors: jsonOf(factors) }),
  };
  return {
    fires: of === rule.id,
    reason: of === rule.id ? `it was due at ${dueAt}` : `the event is of the schedule of another rule, ${of}`,
    trigger: { type: SCHEDULE, due_at: dueAt, ...(event.current !== undefined && { current }) },
  };
}
