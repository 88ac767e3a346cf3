import { groupBy } from '../../../src/store/lists';
import type { RoundResult } from './round';

/** Violations that are listed; the others are counted. */
const MAX_LISTED = 20;

/** What a round came to, for people. */
export function reportOf({ ledgers, verdict }: Pick<RoundResult, 'ledgers' | 'verdict'>): string[] {
  const { executions, faults } = ledgers;
  const { events, calls, retries, mails, violations } = verdict;
  const kinds = groupBy(violations, ({ kind }) => kind);
  return [
    `events      ${ledgers.events.length}: ${events.accepted} accepted, ${events.givenUp} given up after a refusal (${events.startedAfterRefusal} of them started)`,
    `executions  ${executions.length}: ${countsOf(executions, ({ status }) => status)}`,
    `calls       ${calls.calls}, ${calls.repeated} of them sent again after an interruption`,
    `retries     ${retries.retries}, ${retries.undisturbed} of them far from any fault, the latest ${retries.latestMs} ms late`,
    `pace        a first call came within ${retries.paceMs} ms of the 202 where no fault was near`,
    `mails       ${mails.mails}, ${mails.repeated} of them sent again`,
    `faults      ${faults.length}: ${countsOf(faults, ({ kind }) => kind)}`,
    `violations  ${violations.length}${violations.length > 0 ? `: ${countsOf(violations, ({ kind }) => kind)}` : ''}`,
    ...violations.slice(0, MAX_LISTED).map(({ kind, what }) => `  ${kind}: ${what}`),
    ...(violations.length > MAX_LISTED ? [`  … of ${kinds.size} kinds`] : []),
  ];
}

function countsOf<T>(all: readonly T[], keyOf: (each: T) => string): string {
  return [...groupBy(all, keyOf)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, some]) => `${some.length} ${key}`)
    .join(', ');
}
