import { CALL_TIMEOUT_MS } from '../../../../src/shared/limits';
import type { InjectedFault } from '../ledgers';

/** What is held back by a fault comes within this after its end. Milliseconds. */
const SETTLE_MS = 2_000;

/**
 * How long the traces of a fault may last when it is over: a call that was under way is given up after 15 s (the activity's
 * time limit), and made again a second later. Milliseconds.
 */
export const RECOVERY_MS = 20_000;

/** Of two that are alike, such as `worker-1` and `worker-2`, what they both are. */
function roleOf(target: string): string {
  return target.replace(/-\d/, '');
}

/**
 * A fault between the worker and the receiver, or one that stops the worker's clock, makes a call fail. A worker that comes up
 * after a kill makes calls while it still loads: on a machine that is short of time it reads an answer too late.
 *
 * @param durationMs how long the call was waited for
 */
export function mayFailCall({ kind, target }: InjectedFault, durationMs: number): boolean {
  if (target.endsWith('-receiver')) return true;
  if (!['worker', 'service'].includes(roleOf(target))) return false;
  return kind === 'stop' || (kind === 'kill' && durationMs >= CALL_TIMEOUT_MS);
}

/**
 * A call is made again when it is not known how it went: the store and the mail server have no part in that, unless Temporal
 * keeps what it knows in the same PostgreSQL.
 */
export function mayRepeatCalls({ target }: InjectedFault): boolean {
  const temporals = ['temporal', 'worker-temporal', 'temporal-postgres', 'shared-postgres'];
  const parties = ['worker', 'service', 'disk', ...temporals];
  return parties.includes(roleOf(target)) || target.endsWith('-receiver');
}

export function mayDelayCalls(fault: InjectedFault): boolean {
  return mayRepeatCalls(fault) || ['postgres', 'worker-postgres'].includes(roleOf(fault.target));
}

export function overlaps({ from, to }: InjectedFault, begin: number, end: number): boolean {
  return from <= end && begin <= to + SETTLE_MS;
}

/** How much of a time is in the shadow of faults. The service's own retries wait as long again as a fault lasted. Milliseconds. */
export function shadowedMs(
  faults: readonly InjectedFault[],
  [begin, end]: readonly [number, number],
  recoveryMs = RECOVERY_MS,
): number {
  const shadows = faults
    .map(({ from, to }) => ({
      from: Math.max(begin, from),
      to: Math.min(end, to + (to - from) + recoveryMs),
    }))
    .sort((a, b) => a.from - b.from);
  let covered = 0;
  let reached = begin;
  for (const { from, to } of shadows) {
    covered += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return covered;
}
