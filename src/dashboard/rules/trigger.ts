import type { Json, JsonObject } from '../../shared/json';
import { asText, isObject, textAt, valueAt, without, withValue } from './document';
import { gradesOf, isOfFactors, isOfGrade, isOfThreshold, type Kind } from './words';

const DEFAULT_THRESHOLD = 80;

/** The factors that a change is about: a list, whether one name or several were written. */
export function factorsOf(changes: Json | undefined): string[] {
  const factor = valueAt(changes, ['factor']) ?? 'any';
  return (Array.isArray(factor) ? factor : [factor]).map(asText);
}

/** The change with another kind. What both kinds have is kept, such as the threshold. */
export function withKind(changes: Json | undefined, kind: Kind): JsonObject {
  const before = isObject(changes) ? changes : {};
  const grade = before['grade'];
  return {
    value: kind,
    ...(kind === 'new_issues' && { selected: 'any' }),
    ...(isOfFactors(kind) && before['factor'] !== undefined && { factor: before['factor'] }),
    ...(isOfThreshold(kind) && { threshold: before['threshold'] ?? DEFAULT_THRESHOLD }),
    ...(isOfGrade(kind) && typeof grade === 'string' && gradesOf(kind).includes(grade) && { grade }),
  };
}

/** The change with a factor added or taken away. None is any of them. */
export function withFactorToggled(changes: JsonObject, factor: string): JsonObject {
  const chosen = factorsOf(changes).filter((name) => name !== 'any');
  const next = chosen.includes(factor) ? chosen.filter((name) => name !== factor) : [...chosen, factor];
  return { ...changes, factor: next.length === 0 ? 'any' : next };
}

/** The selection of new issues changed to another. */
export function withSelection(selected: string): JsonObject {
  const changes = { value: 'new_issues', selected };
  if (selected === 'by_severity') return { ...changes, severity: 'high' };
  return selected === 'by_type' ? { ...changes, types: [] } : changes;
}

/** What a rule waits for. */
export type Occasion = 'scorecards' | 'event' | 'schedule';

export function occasionOf(document: JsonObject): Occasion {
  if (isObject(document['event'])) return 'event';
  return isObject(document['schedule']) ? 'schedule' : 'scorecards';
}

/** The rule with another occasion. */
export function waitingFor(document: JsonObject, occasion: Occasion): JsonObject {
  switch (occasion) {
    case 'event':
      return listeningToEvents(document);
    case 'schedule':
      return runningBySchedule(document);
    case 'scorecards':
      return listeningToScorecards(document);
  }
}

/** A rule that runs by the clock, on Mondays at nine until somebody says otherwise, for the scorecards that it had. */
export function runningBySchedule(document: JsonObject): JsonObject {
  const rest = without(document, 'event');
  const scorecards = valueAt(rest, ['filters', 'scorecards']);
  const filters = scorecards === undefined ? undefined : { scorecards };
  return withValue(withValue(rest, ['filters'], filters), ['schedule'], { cron: '0 9 * * 1' });
}

/** A rule that waits for a change of scorecards, whatever it listened to before. */
export function listeningToScorecards(document: JsonObject): JsonObject {
  const rest = without(without(document, 'event'), 'schedule');
  const filters = isObject(rest['filters']) ? rest['filters'] : {};
  return {
    ...rest,
    filters: { changes: withKind({}, 'score_drop_threshold'), scorecards: { value: 'followed' }, ...filters },
  };
}

/** A rule that listens to events of one's own, whatever it waited for before. Which scorecards they are about is open. */
export function listeningToEvents(document: JsonObject): JsonObject {
  const rest = without(document, 'schedule');
  return withValue(withValue(rest, ['filters'], undefined), ['event'], { type: '' });
}

/** The rule for another group of scorecards. @param group `portfolio:<id>`, the group's value, or empty for no group */
export function withGroup(document: JsonObject, group: string): JsonObject {
  if (group === '') return withValue(document, ['filters'], undefined);
  const [value = '', ...id] = group.split(':');
  const scorecards =
    value === 'portfolio' ? { value: 'in_portfolio', portfolio_id: id.join(':') } : { value };
  return withValue(document, ['filters', 'scorecards'], scorecards);
}

/** What `withGroup` takes, of a rule. */
export function groupOf(document: JsonObject): string {
  const scorecards = valueAt(document, ['filters', 'scorecards']);
  if (!isObject(scorecards)) return '';
  const value = textAt(scorecards, ['value']);
  return value === 'in_portfolio' ? `portfolio:${textAt(scorecards, ['portfolio_id'])}` : value;
}
