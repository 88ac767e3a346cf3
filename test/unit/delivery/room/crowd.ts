import type { Room } from '../../../../src/delivery/room/room';
import { MAX_WAIT_HERE_MS } from '../../../../src/shared/limits';
import type { Clock } from './calls';

/** A call of a crowd. Times are in milliseconds. */
export interface CrowdCall {
  /** When it comes for the first time. */
  at: number;
  isRetry?: boolean;
  /** Filled in when the call begins. */
  beganAt?: number;
  /** How often it went back to Temporal. */
  sentBack?: number;
}

/** Temporal's timers for a retry are no finer, and it is late by this and the way to a worker. Milliseconds. */
const SHORTEST_RETRY_MS = 1_000;
const LATE_MS = 30;
const LATE_AT_RANDOM_MS = 100;

/**
 * Lets calls to one destination come as Temporal and the activity would: in their time, here or again later, at any of
 * the processes. Time is the clock's alone, and chance is the same in every run.
 *
 * @returns how many were under way at once at most
 */
export function letCome(
  calls: readonly CrowdCall[],
  rooms: readonly Room[],
  clock: Clock,
  request: Pick<Parameters<Room['enter']>[0], 'limits'> & { takesMs: (now: number) => number },
): number {
  const { limits, takesMs } = request;
  const agenda: { at: number; what: () => void }[] = [];
  const at = (time: number, what: () => void) => {
    let place = agenda.length;
    while (place > 0 && (agenda[place - 1]?.at ?? 0) < time) place -= 1;
    agenda.splice(place, 0, { at: time, what });
  };
  let seed = 1;
  const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  let underWay = 0;
  let most = 0;
  const visit = (call: CrowdCall, id: string, isBack: boolean, process: number, until: number) => {
    const { at: since, isRetry = false } = call;
    const answer = rooms[process]?.enter({
      workspace: 'acme',
      to: 'https://example.com',
      limits,
      ...{ id, since, isRetry, isBack },
    });
    if (answer === undefined) return;
    if ('leave' in answer) {
      call.beganAt = clock.now;
      most = Math.max(most, (underWay += 1));
      at(clock.now + takesMs(clock.now), () => {
        underWay -= 1;
        answer.leave();
      });
    } else if (clock.now + answer.comeAgainInMs <= until) {
      at(clock.now + answer.comeAgainInMs, () => {
        visit(call, id, true, process, until);
      });
    } else {
      call.sentBack = (call.sentBack ?? 0) + 1;
      const wait = Math.max(SHORTEST_RETRY_MS, answer.comeAgainInMs) + LATE_MS + random() * LATE_AT_RANDOM_MS;
      at(clock.now + wait, () => {
        visit(call, id, true, Math.floor(random() * rooms.length), clock.now + MAX_WAIT_HERE_MS);
      });
    }
  };
  calls.forEach((call, nth) => {
    at(call.at, () => {
      visit(call, String(nth), false, nth % rooms.length, clock.now + MAX_WAIT_HERE_MS);
    });
  });
  for (let next = agenda.pop(); next; next = agenda.pop()) {
    clock.now = next.at;
    next.what();
  }
  return most;
}
