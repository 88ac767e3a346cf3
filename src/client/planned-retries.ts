import type { ExecutionAttempt, ExecutionDetail, PlannedRetry } from './executions';

/** A timer may fire a moment before its time, by the clock of the process that then calls. Milliseconds. */
const CLOCK_TOLERANCE_MS = 1_000;

/**
 * The retries of a step as people are shown them, from what is on record: an attempt at or after the place of a retry, and
 * before the next one's, is that retry. (An attempt that somebody asked for in between is none.)
 *
 * @param delaysMs before each retry, each counted from the one before it. Milliseconds
 * @param step whether it may still be tried, and the retry that it waits for
 */
export function plannedRetries(
  delaysMs: readonly number[],
  attempts: readonly ExecutionAttempt[],
  step: { isOpen: boolean; next: ExecutionDetail['next_retry'] },
): PlannedRetry[] {
  const [first, ...later] = attempts.flatMap(({ started_at: at }) => (at === null ? [] : [Date.parse(at)]));
  if (first === undefined) return [];
  let place = first;
  const places = delaysMs.map((delay) => (place += delay));
  const next = step.isOpen ? step.next : null;
  return places.map((planned, index): PlannedRetry => {
    const number = index + 1;
    const until = places[index + 1] ?? Infinity;
    const made = later.find((at) => at >= planned - CLOCK_TOLERANCE_MS && at < until - CLOCK_TOLERANCE_MS);
    const isDue = next?.number === number;
    return {
      number,
      planned_at: isDue ? next.at : new Date(planned).toISOString(),
      made_at: made === undefined ? null : new Date(made).toISOString(),
      state: made !== undefined ? 'made' : stateOf(step.isOpen, number, next?.number),
    };
  });
}

/** Of a retry that was not made. @param due the number of the next one */
function stateOf(isOpen: boolean, number: number, due: number | undefined): PlannedRetry['state'] {
  if (!isOpen) return 'not_needed';
  if (number === due) return 'due';
  // A receiver's `Retry-After` moves over places, which are made up for by the one that it leads to.
  return due !== undefined && number < due ? 'not_needed' : 'to_come';
}
