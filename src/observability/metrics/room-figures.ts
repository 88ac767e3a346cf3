import type { Instruments } from './instruments';

/** How full a room for calls is. Costs little to ask. */
export interface RoomFigures {
  readonly callsUnderWay: number;
  waiting(): number;
}

export function showRoom({ underWay, waiting }: Instruments, room: RoomFigures): void {
  underWay.set(room.callsUnderWay);
  waiting.set(room.waiting());
}
