import type { Changes } from './changes';
import { listed } from './evaluation';
import type { Evaluation, Trigger } from './evaluation';
import type { ScorecardEvent } from './event';
import { gradeOf, isBetter } from './scale';
import type { Grade } from './scale';
import type { JsonObject } from '../shared/json';

/** A line that a score crosses, and the words for it. */
interface Line {
  unit: 'score' | 'grade';
  direction: 'drop' | 'rise';
  /** E.g. ` below 80`; empty for any change of grade. */
  goal: string;
  isCrossedBy(previous: number, current: number): boolean;
}

/** The line of a threshold: at it counts as above it, in both directions. */
export function scoreLine(changes: Extract<Changes, { threshold: number }>): Line {
  const { threshold, value } = changes;
  return value === 'score_drop_threshold' || value === 'factor_score_drop_threshold'
    ? {
        unit: 'score',
        direction: 'drop',
        goal: ` below ${threshold}`,
        isCrossedBy: (previous, current) => previous >= threshold && current < threshold,
      }
    : {
        unit: 'score',
        direction: 'rise',
        goal: ` to ${threshold} or above`,
        isCrossedBy: (previous, current) => previous < threshold && current >= threshold,
      };
}

/** The line at the edge of a grade, or, for `any`, each edge between two grades. */
export function gradeLine(changes: Extract<Changes, { grade: Grade | 'any' }>): Line {
  const { grade, value } = changes;
  if (value === 'grade_drop' || value === 'factor_grade_drop') {
    return {
      unit: 'grade',
      direction: 'drop',
      goal: grade === 'any' ? '' : ` to ${grade} or below`,
      isCrossedBy: (previous, current) => {
        const [before, now] = [gradeOf(previous), gradeOf(current)];
        return (
          isBetter(before, now) && (grade === 'any' || (isBetter(before, grade) && !isBetter(now, grade)))
        );
      },
    };
  }
  return {
    unit: 'grade',
    direction: 'rise',
    goal: grade === 'any' ? '' : ` to ${grade} or above`,
    isCrossedBy: (previous, current) => {
      const [before, now] = [gradeOf(previous), gradeOf(current)];
      return isBetter(now, before) && (grade === 'any' || (isBetter(grade, before) && !isBetter(grade, now)));
    },
  };
}

/** Whether the scorecard's own score crossed the line; `setting` is the rule's part of the trigger. */
export function evaluateScore(
  line: Line,
  event: Pick<ScorecardEvent, 'previous' | 'current'>,
  setting: Trigger,
): Evaluation {
  const [previous, current] = [event.previous?.score, event.current?.score];
  if (previous === undefined || current === undefined) {
    return { fires: false, reason: 'the event has no score in both previous and current', trigger: setting };
  }
  const fires = line.isCrossedBy(previous, current);
  return {
    fires,
    reason: sentence(line.unit, line, previous, current, fires),
    trigger: { ...setting, previous: side(line, previous), current: side(line, current) },
  };
}

/** The same for each chosen factor: one that crossed is enough, and the trigger has all that did. */
export function evaluateFactors(
  line: Line,
  event: Pick<ScorecardEvent, 'previous' | 'current'>,
  chosen: readonly string[],
  setting: Trigger,
): Evaluation {
  const now = new Map(Object.entries(event.current?.factors ?? {}));
  const moves = Object.entries(event.previous?.factors ?? {}).flatMap(([name, previous]) => {
    const current = now.get(name);
    if (current === undefined || !(chosen.includes('any') || chosen.includes(name))) return [];
    return [{ name, previous, current, fires: line.isCrossedBy(previous, current) }];
  });
  const crossed = moves.filter(({ fires }) => fires);
  const told = crossed.length > 0 ? crossed : moves;
  return {
    fires: crossed.length > 0,
    reason:
      told.length === 0
        ? `the event has no score of ${chosen.includes('any') ? 'a factor' : chosen.join(' or ')} in both previous and current`
        : listed(
            told.map(({ name, previous, current, fires }) =>
              sentence(`${name} ${line.unit}`, line, previous, current, fires),
            ),
            '; ',
          ),
    trigger: {
      ...setting,
      factors: Object.fromEntries(
        crossed.map(({ name, previous, current }) => [
          name,
          { previous: side(line, previous), current: side(line, current) },
        ]),
      ),
    },
  };
}

function side(line: Line, score: number): JsonObject {
  return line.unit === 'grade' ? { score, grade: gradeOf(score) } : { score };
}

function sentence(subject: string, line: Line, previous: number, current: number, fires: boolean): string {
  const show = (score: number) => (line.unit === 'grade' ? `${gradeOf(score)} (${score})` : String(score));
  if (!fires) {
    return `${subject} went from ${show(previous)} to ${show(current)}, which is no ${line.direction}${line.goal}`;
  }
  const verb = line.direction === 'drop' ? 'fell' : 'rose';
  return `${subject} ${verb} from ${show(previous)} to ${show(current)}${line.goal && `,${line.goal}`}`;
}
