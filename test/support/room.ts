import { ALL_OF_IT, Room } from '../../src/delivery/room/room';
import { WORKER_SLOTS } from '../../src/shared/limits';

/** The room of a process that is alone, where nothing else is limited. */
export function testRoom(settings: Partial<ConstructorParameters<typeof Room>[0]> = {}): Room {
  return new Room({
    maxConcurrent: 1_000,
    slots: WORKER_SLOTS,
    shares: ALL_OF_IT,
    now: () => performance.now(),
    ...settings,
  });
}
