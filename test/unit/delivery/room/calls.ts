import type { Room, RoomRequest } from '../../../../src/delivery/room/room';
import type { DestinationLimits } from '../../../../src/destinations/settings';
import { testRoom } from '../../../support/room';

export const noLimits: DestinationLimits = { max_concurrent: null, requests_per_second: null, burst: null };

/** A clock that a test moves. Milliseconds. */
export class Clock {
  now = 1_000;
}

/** A room of `clock`, and calls that ask for it with as few words as a test needs. */
export function roomAt(clock: Clock, settings: Partial<ConstructorParameters<typeof Room>[0]> = {}) {
  const room = testRoom({ maxConcurrent: 2, ...settings, now: () => clock.now });
  let calls = 0;
  return (request: Partial<RoomRequest> = {}) =>
    room.enter({
      workspace: 'acme',
      to: 'https://example.com',
      limits: noLimits,
      isRetry: false,
      isBack: false,
      id: `call-${(calls += 1)}`,
      since: clock.now,
      ...request,
    });
}

/** The same, for calls that must find room. @returns how each leaves */
export function entered(answer: ReturnType<Room['enter']>): () => void {
  if ('leave' in answer) return answer.leave;
  throw new Error(`there is no room: ${answer.reason}`);
}

/** How long a call that must find none is told to wait. Milliseconds. */
export function toldToWait(answer: ReturnType<Room['enter']>): number {
  if ('comeAgainInMs' in answer) return answer.comeAgainInMs;
  throw new Error('there is room');
}
