import type { Changes } from '../changes';
import type { ScorecardEvent } from '../event';
import { addTo, removeFrom } from './group-members';
import type { VersionedRule } from '../rulebook';
import { GRADES, SEVERITIES, gradeOf, isAtLeast } from '../scale';
import type { Severity } from '../scale';
import { ThresholdList } from './threshold-list';

/** Where a rule stands: at a key, or at a key's threshold. */
interface Place {
  key: string;
  threshold?: number;
}

/** Where to look: at a key, or at a key's thresholds above `from` up to `to`. */
export interface Look {
  key: string;
  between?: { from: number; to: number };
}

/** The rules for changes of the scorecards of one group, by what fires them. */
export class ChangeRules {
  private readonly byKey = new Map<string, Set<VersionedRule>>();
  private readonly byThreshold = new Map<string, ThresholdList>();

  get isEmpty(): boolean {
    return this.byKey.size === 0 && this.byThreshold.size === 0;
  }

  add(changes: Changes, rule: VersionedRule): void {
    for (const { key, threshold } of placesOf(changes)) {
      if (threshold === undefined) {
        addTo(this.byKey, key, rule);
        continue;
      }
      const list = this.byThreshold.get(key) ?? new ThresholdList();
      this.byThreshold.set(key, list);
      list.add(threshold, rule);
    }
  }

  remove(changes: Changes, rule: VersionedRule): void {
    for (const { key, threshold } of placesOf(changes)) {
      if (threshold === undefined) {
        removeFrom(this.byKey, key, rule);
        continue;
      }
      const list = this.byThreshold.get(key);
      list?.remove(threshold, rule);
      if (list?.isEmpty) this.byThreshold.delete(key);
    }
  }

  /** The rules at some places; one may come more than once. */
  *at(looks: readonly Look[]): Iterable<VersionedRule> {
    for (const { key, between } of looks) {
      yield* between === undefined
        ? (this.byKey.get(key) ?? [])
        : (this.byThreshold.get(key)?.between(between.from, between.to) ?? []);
    }
  }
}

function placesOf(changes: Changes): Place[] {
  const { value } = changes;
  switch (value) {
    case 'grade_drop':
    case 'grade_raise':
      return [{ key: `${value}/${changes.grade}` }];
    case 'factor_grade_drop':
    case 'factor_grade_raise':
      return changes.factor.map((factor) => ({ key: `${value}/${factor}/${changes.grade}` }));
    case 'score_drop_threshold':
    case 'score_rise_threshold':
      return [{ key: value, threshold: changes.threshold }];
    case 'factor_score_drop_threshold':
    case 'factor_score_rise_threshold':
      return changes.factor.map((factor) => ({ key: `${value}/${factor}`, threshold: changes.threshold }));
    case 'new_issues':
      return placesOfIssues(changes);
    case 'breach_reported':
      return [{ key: value }];
  }
}

function placesOfIssues(changes: Extract<Changes, { value: 'new_issues' }>): Place[] {
  switch (changes.selected) {
    case 'any':
      return [{ key: 'new_issues' }];
    case 'by_severity':
      return [{ key: `new_issues/severity/${changes.severity}` }];
    case 'by_type':
      return changes.types.map((type) => ({ key: `new_issues/type/${type}` }));
  }
}

/** Where the rules stand that an event fires: the counterpart of `placesOf`, by the meaning that `evaluate` gives them. */
export function looksFor(event: ScorecardEvent, issueTypes: ReadonlyMap<string, Severity>): Look[] {
  return [
    ...looksForScore('', '', event.previous?.score, event.current?.score),
    ...looksForFactors(event),
    ...looksForIssues(event.issues ?? {}, issueTypes),
    ...(event.breach === undefined ? [] : [{ key: 'breach_reported' }]),
  ];
}

function looksForFactors({ previous, current }: ScorecardEvent): Look[] {
  const now = new Map(Object.entries(current?.factors ?? {}));
  return Object.entries(previous?.factors ?? {}).flatMap(([factor, before]) =>
    ['any', factor].flatMap((name) => looksForScore('factor_', `/${name}`, before, now.get(factor))),
  );
}

function looksForScore(
  prefix: string,
  suffix: string,
  previous: number | undefined,
  current: number | undefined,
): Look[] {
  if (previous === undefined || current === undefined || previous === current) return [];
  const isDrop = current < previous;
  const grade = `${prefix}${isDrop ? 'grade_drop' : 'grade_raise'}${suffix}`;
  const threshold = `${prefix}${isDrop ? 'score_drop_threshold' : 'score_rise_threshold'}${suffix}`;
  const [lower, higher] = isDrop ? [current, previous] : [previous, current];
  const [worst, best] = [GRADES.indexOf(gradeOf(lower)), GRADES.indexOf(gradeOf(higher))];
  // A drop is to the grades below the one before, a raise to those above it.
  const reached = isDrop ? GRADES.slice(best + 1, worst + 1) : GRADES.slice(best, worst);
  return [
    ...(reached.length > 0 ? ['any', ...reached] : []).map((each) => ({ key: `${grade}/${each}` })),
    { key: threshold, between: { from: lower, to: higher } },
  ];
}

function looksForIssues(
  issues: NonNullable<ScorecardEvent['issues']>,
  issueTypes: ReadonlyMap<string, Severity>,
): Look[] {
  const fresh = Object.entries(issues).filter(([, issue]) => (issue.active?.count ?? 0) > 0);
  if (fresh.length === 0) return [];
  const severities = new Set(fresh.map(([type, issue]) => issue.severity ?? issueTypes.get(type)));
  const asked = SEVERITIES.filter((wanted) =>
    [...severities].some((severity) => severity !== undefined && isAtLeast(severity, wanted)),
  );
  return [
    { key: 'new_issues' },
    ...asked.map((severity) => ({ key: `new_issues/severity/${severity}` })),
    ...fresh.map(([type]) => ({ key: `new_issues/type/${type}` })),
  ];
}
