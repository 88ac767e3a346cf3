import { groupBy } from '../../../../src/store/lists';
import type { FoundExecution, Ledgers, SentEvent } from '../ledgers';
import { RULES } from '../scenario';
import type { Violation } from './violation';

export interface EventFigures {
  accepted: number;
  /** Refused, and never sent again. */
  givenUp: number;
  /** Of these, those that were started all the same: the answer may be lost on its way to us. */
  startedAfterRefusal: number;
}

/** Each event that was answered with 202 has exactly its executions; one that never was has all of them, or none. */
export function checkEvents({ events, executions }: Ledgers): {
  violations: Violation[];
  figures: EventFigures;
} {
  const violations: Violation[] = [];
  const byEvent = groupBy(executions, ({ eventId }) => eventId);
  const figures: EventFigures = { accepted: 0, givenUp: 0, startedAfterRefusal: 0 };
  for (const event of events) {
    const found = byEvent.get(event.id) ?? [];
    byEvent.delete(event.id);
    const isAccepted = event.answers.some(({ status }) => status === 202);
    figures[isAccepted ? 'accepted' : 'givenUp'] += 1;
    if (!isAccepted && found.length > 0) figures.startedAfterRefusal += 1;
    violations.push(...startedOf(event, isAccepted, found), ...answersOf(event, found));
  }
  for (const [eventId, found] of byEvent) {
    violations.push({ kind: 'unasked-execution', what: `${found.length} of ${eventId}, which nobody sent` });
  }
  return { violations, figures };
}

function startedOf(event: SentEvent, isAccepted: boolean, found: readonly FoundExecution[]): Violation[] {
  const wanted = RULES.filter(({ eventType }) => eventType === event.type).map(({ id }) => id);
  const has = found.map(({ ruleId }) => ruleId);
  const missing = wanted.filter((id) => !has.includes(id));
  const violations: Violation[] = [];
  const say = (kind: Violation['kind'], rules: readonly string[]) =>
    violations.push({ kind, what: `${event.id} (${event.type}): ${rules.join(', ')}` });
  if (missing.length > 0 && isAccepted) say('lost-event', missing);
  if (missing.length > 0 && !isAccepted && has.length > 0) say('half-started-event', missing);
  const unasked = has.filter((id) => !wanted.includes(id));
  if (unasked.length > 0) say('unasked-execution', unasked);
  const double = has.filter((id, index) => has.indexOf(id) !== index);
  if (double.length > 0) say('double-execution', double);
  return violations;
}

/** Every 202 names the executions that there are. */
function answersOf(event: SentEvent, found: readonly FoundExecution[]): Violation[] {
  const there = found
    .map(({ id }) => id)
    .sort()
    .join();
  return event.answers
    .filter(({ status, executionIds }) => status === 202 && [...executionIds].sort().join() !== there)
    .slice(0, 1)
    .map(({ executionIds }) => ({
      kind: 'wrong-answer-to-sender',
      what: `${event.id}: it was told of ${executionIds.length} executions, not of the ${found.length} that are there`,
    }));
}
