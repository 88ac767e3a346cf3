import type { Room } from '../../../../src/delivery/room/room';
import { type RoomRequest } from '../../../../src/delivery/room/room';
import { testRoom } from '../../../support/room';
import { Clock, entered, noLimits } from './calls';

let clock: Clock;
let room: Room;
beforeEach(() => {
  clock = new Clock();
  room = testRoom({ maxConcurrent: 1, now: () => clock.now });
});

function enter(id: string, request: Partial<RoomRequest> = {}) {
  const { now: since } = clock;
  const call = {
    workspace: 'acme',
    to: 'https://example.com',
    limits: noLimits,
    isRetry: false,
    isBack: false,
  };
  return room.enter({ ...call, id, since, ...request });
}

it('a room tells how many calls are under way at all destinations', () => {
  const leave = entered(enter('a'));
  entered(enter('b', { to: 'https://example.org' }));
  leave();
  expect(room.callsUnderWay).toBe(1);
});

it('a room tells how many calls wait, first attempts and retries', () => {
  entered(enter('a'));
  enter('b');
  enter('c', { isRetry: true });
  enter('c', { isRetry: true, isBack: true });
  expect(room.waiting()).toBe(2);
});

it('a call that does not come back waits no more', () => {
  entered(enter('a'));
  enter('b');
  clock.now += 600_000;
  expect(room.waiting()).toBe(0);
});
