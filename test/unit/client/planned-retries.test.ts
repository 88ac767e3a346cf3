import type { ExecutionAttempt } from '../../../src/client/executions';
import { plannedRetries } from '../../../src/client/planned-retries';
import { DEFAULT_RETRY_DELAYS_MS } from '../../../src/shared/limits';

const BEGIN = Date.parse('2026-11-26T12:00:00.000Z');
const MINUTE = 60_000;

/** Attempts that were made so long after the first one. */
function attemptsAt(...minutes: number[]): ExecutionAttempt[] {
  return minutes.map((minute, index) => ({
    number: index + 1,
    url: null,
    request: null,
    started_at: new Date(BEGIN + minute * MINUTE).toISOString(),
    duration_ms: 1,
    status: 503,
    error: '503 Service Unavailable',
    response: null,
    timing: null,
  }));
}

function nextAt(number: number, minutes: number) {
  return { number, of: 5, at: new Date(BEGIN + minutes * MINUTE).toISOString() };
}

function statesOf(minutes: number[], step: Parameters<typeof plannedRetries>[2]): string[] {
  return plannedRetries(DEFAULT_RETRY_DELAYS_MS, attemptsAt(...minutes), step).map(({ state }) => state);
}

describe('the retries of a step', () => {
  it('are none before its first attempt', () => {
    expect(plannedRetries(DEFAULT_RETRY_DELAYS_MS, [], { isOpen: true, next: null })).toEqual([]);
  });

  it('lie 6 minutes, 1, 4, 12 and 36 hours after the first attempt', () => {
    const retries = plannedRetries(DEFAULT_RETRY_DELAYS_MS, attemptsAt(0), { isOpen: true, next: null });
    const minutes = retries.map(({ planned_at: at }) => (Date.parse(at) - BEGIN) / MINUTE);
    expect(minutes).toEqual([6, 60, 240, 720, 2_160]);
  });

  it('are made, due and to come', () => {
    const step = { isOpen: true, next: nextAt(2, 60) };
    expect(statesOf([0, 6], step)).toEqual(['made', 'due', 'to_come', 'to_come', 'to_come']);
  });

  it('are none of what somebody asked for in between', () => {
    const step = { isOpen: true, next: nextAt(1, 6) };
    expect(statesOf([0, 2], step)).toEqual(['due', 'to_come', 'to_come', 'to_come', 'to_come']);
  });

  it('are not needed once it is delivered', () => {
    const step = { isOpen: false, next: null };
    expect(statesOf([0, 6], step)).toEqual(['made', 'not_needed', 'not_needed', 'not_needed', 'not_needed']);
  });

  it('are not needed where Retry-After moved over them, and the next one is when that says', () => {
    const retries = plannedRetries(DEFAULT_RETRY_DELAYS_MS, attemptsAt(0), {
      isOpen: true,
      next: nextAt(2, 90),
    });
    expect(retries.slice(0, 2)).toMatchObject([
      { state: 'not_needed' },
      { state: 'due', planned_at: nextAt(2, 90).at },
    ]);
  });
});
