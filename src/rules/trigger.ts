import type { Changes } from './changes';
import { evaluateFactors, evaluateScore, gradeLine, scoreLine } from './crossing';
import type { Evaluation } from './evaluation';
import type { ScorecardEvent } from './event';
import type { ScorecardGroups } from './groups';
import { jsonOf } from './json-of';
import { evaluateIssues } from './new-issues';

/**
 * Looks for a change in an event. Scores and grades fire on crossing, never on being beyond a line already, and only
 * what is in both `previous` and `current` can cross. An issue is new when its `active.count` is above 0.
 *
 * The triggers of `new_issues` and `breach_reported` are the original's to the letter. No post of the other kinds was
 * available, so theirs follow that style: the rule's own setting beside what crossed, e.g.
 * `{type: 'grade_drop', grade: 'any', previous: {score: 90, grade: 'A'}, current: {score: 78, grade: 'C'}}` and
 * `{type: 'factor_score_drop_threshold', threshold: 80, factors: {dns_health: {previous: {score: 92}, current: {score: 71}}}}`.
 */
export function evaluate(
  changes: Changes,
  event: Pick<ScorecardEvent, 'previous' | 'current' | 'issues' | 'breach'>,
  issueTypes: ScorecardGroups['issueTypes'],
): Evaluation {
  switch (changes.value) {
    case 'grade_drop':
    case 'grade_raise':
      return evaluateScore(gradeLine(changes), event, { type: changes.value, grade: changes.grade });
    case 'factor_grade_drop':
    case 'factor_grade_raise':
      return evaluateFactors(gradeLine(changes), event, changes.factor, {
        type: changes.value,
        grade: changes.grade,
      });
    case 'score_drop_threshold':
    case 'score_rise_threshold':
      return evaluateScore(scoreLine(changes), event, { type: changes.value, threshold: changes.threshold });
    case 'factor_score_drop_threshold':
    case 'factor_score_rise_threshold':
      return evaluateFactors(scoreLine(changes), event, changes.factor, {
        type: changes.value,
        threshold: changes.threshold,
      });
    case 'new_issues':
      return evaluateIssues(changes, event.issues ?? {}, issueTypes);
    case 'breach_reported':
      return evaluateBreach(event.breach ?? {});
  }
}

function evaluateBreach(breach: NonNullable<ScorecardEvent['breach']>): Evaluation {
  const details = jsonOf(breach);
  // Some senders always write the field: an empty object reports nothing.
  const fires = Object.keys(details).length > 0;
  const about = breach.company_name ?? breach.domain;
  return {
    fires,
    reason: fires ? `a breach was reported${about ? `: ${about}` : ''}` : 'the event reports no breach',
    trigger: { type: 'breach_reported', breach: details },
  };
}
