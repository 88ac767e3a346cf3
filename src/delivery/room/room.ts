import type { DestinationLimits } from '../../destinations/settings';
import { DestinationRoom, type Allowance, type Refusal, type Visitor } from './destination-room';

/** A call that asks for room at its destination; or other work that takes a slot for long. */
export interface RoomRequest extends Visitor {
  workspace: string;
  /** The origin of the destination; or what else there is, for people. */
  to: string;
  limits: DestinationLimits;
}

export type RoomAnswer =
  | {
      /** To be called when the call has ended, however it has; again does nothing. */
      leave: () => void;
    }
  | {
      comeAgainInMs: number;
      /** For people, e.g. `no room at https://example.com: calls under way: 20`. */
      reason: string;
    };

/** How much of a destination's limits one process may use. */
export interface Shares {
  /**
   * @param destination names it: what cannot be divided goes to other processes for other ones
   * @param isSet whether people have set a limit for it, which must hold
   */
  of(destination: string, whole: Allowance, isSet: boolean): Allowance;
}

/** For a process that is alone. */
export const ALL_OF_IT: Shares = { of: (_destination, whole) => whole };

/** Of a worker's slots, those that retries may take: so a wave of late ones leaves room for first attempts. */
const RETRIES_PART = 3 / 4;

/** Of the slots that other destinations leave, those that one may take: so there are always some for one more. */
const DESTINATION_PART = 1 / 2;

/** Destinations that are remembered although nothing happens there. */
const MAX_AT_REST = 10_000;

/**
 * The room for calls in one process: by each destination's limits, and by the slots that calls of all destinations have
 * together. Keeps everything in memory, asks nobody, and looks at no clock but the one that it is given.
 */
export class Room {
  /** By destination; the one that was asked for longest ago is the first. */
  private readonly rooms = new Map<string, { room: DestinationRoom; limits: DestinationLimits }>();
  private underWay = 0;
  private readonly startedAt: number;

  constructor(
    private readonly settings: {
      /** Calls under way at once to a destination that has no limit of its own. */
      maxConcurrent: number;
      /** Calls under way at once to all destinations. */
      slots: number;
      shares: Shares;
      /** Milliseconds, from any beginning; goes forward alone. */
      now: () => number;
    },
  ) {
    this.startedAt = settings.now();
  }

  enter(request: RoomRequest): RoomAnswer {
    const { workspace, to, limits, isRetry } = request;
    const now = this.settings.now();
    const destination = `${workspace} ${to}`;
    const room = this.roomOf(destination, limits, now);
    const whole = this.allowanceOf(limits);
    const share = this.settings.shares.of(destination, whole, isSet(limits));
    const concurrent = Math.min(share.concurrent, this.slotsFor(room, isRetry));
    const answer = room.enter(request, { ...share, concurrent }, whole, now);
    if ('comeAgainInMs' in answer) {
      return { comeAgainInMs: answer.comeAgainInMs, reason: reasonOf(answer, to, room.callsUnderWay) };
    }
    this.underWay += 1;
    let isUnderWay = true;
    return {
      leave: () => {
        if (!isUnderWay) return;
        isUnderWay = false;
        this.underWay -= 1;
        answer.leave(this.settings.now());
      },
    };
  }

  /** Calls under way at all destinations, and other work that takes a slot. */
  get callsUnderWay(): number {
    return this.underWay;
  }

  /** How many were told to come again, and are expected. Looks at each destination. */
  waiting(): number {
    const now = this.settings.now();
    let count = 0;
    for (const { room } of this.rooms.values()) count += room.waiting(now);
    return count;
  }

  /** Whether no more calls are under way than the shares allow by now, where limits were set. */
  isWithinShares(): boolean {
    for (const [destination, { room, limits }] of this.rooms) {
      const { concurrent } = this.settings.shares.of(destination, this.allowanceOf(limits), isSet(limits));
      if (isSet(limits) && room.callsUnderWay > concurrent) return false;
    }
    return true;
  }

  private allowanceOf({ max_concurrent, requests_per_second, burst }: DestinationLimits): Allowance {
    const concurrent = max_concurrent ?? this.settings.maxConcurrent;
    if (requests_per_second === null) return { concurrent };
    const rate = {
      perSecond: requests_per_second,
      burst: burst ?? Math.max(1, Math.floor(requests_per_second)),
    };
    return { concurrent, rate };
  }

  /** A first attempt always finds one: it runs already. */
  private slotsFor({ callsUnderWay }: DestinationRoom, isRetry: boolean): number {
    const others = this.underWay - callsUnderWay;
    const { slots } = this.settings;
    if (isRetry) return Math.max(0, Math.floor((slots * RETRIES_PART - others) * DESTINATION_PART));
    return Math.max(1, Math.floor((slots - others) * DESTINATION_PART));
  }

  private roomOf(destination: string, limits: DestinationLimits, now: number): DestinationRoom {
    const room = this.rooms.get(destination)?.room ?? new DestinationRoom(this.startedAt);
    this.rooms.delete(destination);
    this.rooms.set(destination, { room, limits });
    const [oldest] = this.rooms;
    if (oldest && this.rooms.size > MAX_AT_REST) {
      this.rooms.delete(oldest[0]);
      // Who is not at rest goes to the end, so that another one is looked at the next time.
      if (!oldest[1].room.isAtRest(now)) this.rooms.set(...oldest);
    }
    return room;
  }
}

function isSet({ max_concurrent, requests_per_second }: DestinationLimits): boolean {
  return max_concurrent !== null || requests_per_second !== null;
}

function reasonOf({ because }: Refusal, to: string, underWay: number): string {
  switch (because) {
    case 'concurrent':
      return `no room at ${to}: calls under way: ${underWay}`;
    case 'rate':
      return `no room at ${to}: calls begin as fast as its rate lets them`;
    case 'share':
      return `no room at ${to}: this process has no share of it now`;
  }
}
