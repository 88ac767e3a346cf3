import type { Changes } from './changes';
import type { CustomEvent } from './custom-event';
import type { IncomingEvent, ScorecardEvent } from './event';
import { customEventTypeSchema } from './event-pattern';
import type { EventRule, Rule, ScheduleRule } from './rule';
import type { Grade } from './scale';
import { SCHEDULE } from './schedule-event';
import type { ScheduleEvent } from './schedule-event';

/** A score in the middle of each grade. */
const SCORE_OF: Readonly<Record<Grade, number>> = { A: 95, B: 85, C: 75, D: 65, F: 50 };

const SCORECARD = { scorecard_id: 'sample', domain: 'example.com' };

type Moves = Pick<ScorecardEvent, 'previous' | 'current' | 'issues' | 'breach'>;

/**
 * An event with which somebody tries a rule out: a trial of it that fires it as a real event would. Of a rule with a
 * filter nobody can say what passes it, so its event has no data, and its trigger is marked as a trial.
 *
 * @param now when the run of a rule with a schedule is taken to be due
 */
export function sampleEvent(rule: Rule, now = new Date()): IncomingEvent {
  const trial = { rule_id: rule.id };
  if (rule.schedule !== undefined) return { ...scheduleEvent(rule, now), trial };
  return rule.event === undefined
    ? { type: 'scorecard.changed', ...SCORECARD, ...movesFor(rule.filters.changes), trial }
    : { ...customEvent(rule), trial };
}

function customEvent({ event, filters }: EventRule): CustomEvent {
  const typeWith = (segment: string) => event.type.replaceAll('*', segment);
  const isShort = customEventTypeSchema.safeParse(typeWith('sample')).success;
  return { type: typeWith(isShort ? 'sample' : 'x'), data: {}, ...(filters !== undefined && SCORECARD) };
}

function scheduleEvent({ id, filters }: ScheduleRule, now: Date): ScheduleEvent {
  return {
    type: SCHEDULE,
    schedule: { rule_id: id, due_at: now.toISOString() },
    ...(filters !== undefined && { ...SCORECARD, current: { score: SCORE_OF.B } }),
  };
}

function movesFor(changes: Changes): Moves {
  switch (changes.value) {
    case 'grade_drop':
      return score(SCORE_OF.A, dropped(changes.grade));
    case 'grade_raise':
      return score(SCORE_OF.F, raised(changes.grade));
    case 'factor_grade_drop':
      return factors(changes.factor, SCORE_OF.A, dropped(changes.grade));
    case 'factor_grade_raise':
      return factors(changes.factor, SCORE_OF.F, raised(changes.grade));
    case 'score_drop_threshold':
      return score(above(changes.threshold), below(changes.threshold));
    case 'score_rise_threshold':
      return score(below(changes.threshold), above(changes.threshold));
    case 'factor_score_drop_threshold':
      return factors(changes.factor, above(changes.threshold), below(changes.threshold));
    case 'factor_score_rise_threshold':
      return factors(changes.factor, below(changes.threshold), above(changes.threshold));
    case 'new_issues':
      return { issues: issuesFor(changes) };
    case 'breach_reported':
      return { breach: { domain: SCORECARD.domain, company_name: 'Example Ltd', records_lost: 1_000 } };
  }
}

function dropped(grade: Grade | 'any'): number {
  return SCORE_OF[grade === 'any' ? 'C' : grade];
}

function raised(grade: Grade | 'any'): number {
  return SCORE_OF[grade === 'any' ? 'B' : grade];
}

function above(threshold: number): number {
  return Math.min(100, threshold + 5);
}

function below(threshold: number): number {
  return Math.max(0, threshold - 5);
}

function score(previous: number, current: number): Moves {
  return { previous: { score: previous }, current: { score: current } };
}

function factors(chosen: readonly string[], previous: number, current: number): Moves {
  const names = chosen.includes('any') ? ['dns_health'] : chosen;
  const all = (value: number) => ({ factors: Object.fromEntries(names.map((name) => [name, value])) });
  return { previous: all(previous), current: all(current) };
}

function issuesFor(changes: Extract<Changes, { value: 'new_issues' }>): NonNullable<Moves['issues']> {
  const active = { count: 1 };
  switch (changes.selected) {
    case 'any':
      return { sample_issue: { active, severity: 'medium' } };
    case 'by_severity':
      return { sample_issue: { active, severity: changes.severity } };
    case 'by_type':
      return Object.fromEntries(changes.types.map((type) => [type, { active }]));
  }
}
