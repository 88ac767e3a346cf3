import type { Allowance } from './destination-room';
import type { Shares } from './room';

/** A process that makes calls, as it stands in the register. */
export interface CallingProcess {
  id: string;
  /** Another number each time that the process is seen alive. */
  beat: number;
  /** The processes among which it divides each limit; null before it knows of the others, and uses nothing. */
  divides: string[] | null;
}

/** Where the processes find each other. */
export interface ProcessRegister {
  /**
   * Writes what one process says of itself, takes those out that are gone (unless they have beaten again), and reads all.
   * One call at a time over all processes: whoever is later reads what the one before has written.
   */
  beat(own: CallingProcess, gone: readonly CallingProcess[]): Promise<CallingProcess[]>;
  leave(id: string): Promise<void>;
}

/**
 * A process whose beat stays the same for so long is gone: it has stopped acting on what it knew, and its last call has
 * ended. Milliseconds.
 */
const GONE_AFTER_MS = 20_000;

/** How long a process acts on what its last beat has shown. Milliseconds. */
const KNOWN_FOR_MS = 12_000;

const NOTHING: Allowance = { concurrent: 0 };

/**
 * Divides the limits of destinations among the processes that make calls, without asking anybody for a call.
 *
 * Each process publishes among whom it divides, and uses of a limit the least of its parts in all the divisions that are
 * published, its own included: so the parts never add up to more than the limit, also while processes come and go. (Of
 * those that use anything, take the one whose last beat is the oldest: all the others have read its division since.) A
 * process that comes uses nothing of what was set until all the others count it; one that cannot beat stops using
 * anything before the others take it for gone. Nobody's clock is compared with another's.
 *
 * The limit of destinations for which none was set is only for protection: there the parts change at once.
 */
export class ProcessShares implements Shares {
  private beats = 0;
  private divides: string[] | null = null;
  private gone: CallingProcess[] = [];
  /** Of each process the beat that was seen last, and when it was seen first. */
  private seen = new Map<string, { beat: number; at: number }>();
  /** All divisions that are in force, and the one that will be; none while this process has published none. */
  private divisions: string[][] = [];
  private living: string[];
  private knownUntil = -Infinity;

  constructor(
    private readonly settings: {
      /** Of this process: another one at each start. */
      id: string;
      register: ProcessRegister;
      /** Milliseconds, from any beginning; goes forward alone. */
      now: () => number;
    },
  ) {
    this.living = [settings.id];
  }

  of(destination: string, whole: Allowance, isSet: boolean): Allowance {
    const { id, now } = this.settings;
    if (!isSet) {
      const part = partOf(whole, destination, this.living, id);
      return { ...part, concurrent: Math.max(1, part.concurrent) };
    }
    if (now() > this.knownUntil || this.divisions.length === 0) return NOTHING;
    return this.divisions
      .map((division) => partOf(whole, destination, division, id))
      .reduce((least, part) => leastOf(least, part));
  }

  /** Whether all divide among the same processes, so that nothing will change by itself. */
  get isSettled(): boolean {
    const [first] = this.divisions;
    return first !== undefined && this.divisions.every((each) => isSame(each, first));
  }

  /**
   * Shows that this process is alive, and learns of the others. To be called every few seconds.
   *
   * @param isWithin whether the calls under way are no more than the shares allow by now
   * @throws what the register throws
   */
  async beat(isWithin: () => boolean): Promise<void> {
    const { id, register, now } = this.settings;
    const began = now();
    const own = { id, beat: (this.beats += 1), divides: this.divides };
    const processes = await register.beat(own, this.gone);
    this.observe(processes, now());

    const isGone = (each: CallingProcess) => this.gone.includes(each);
    const living = processes.filter((each) => !isGone(each));
    this.living = living.map((each) => each.id).sort();
    const published = living.flatMap(({ divides }) => (divides === null ? [] : [divides]));
    this.divisions = own.divides === null ? [] : [this.living, ...published];
    this.knownUntil = began + KNOWN_FOR_MS;
    // What it has used until now goes on being counted until it does not use it any more.
    if (isWithin()) this.divides = this.living;
  }

  async leave(): Promise<void> {
    this.knownUntil = -Infinity;
    await this.settings.register.leave(this.settings.id);
  }

  private observe(processes: readonly CallingProcess[], at: number): void {
    const seen = new Map<string, { beat: number; at: number }>();
    for (const { id, beat } of processes) {
      const before = this.seen.get(id);
      seen.set(id, before?.beat === beat ? before : { beat, at });
    }
    this.seen = seen;
    this.gone = processes.filter(
      ({ id }) => id !== this.settings.id && at - (seen.get(id)?.at ?? at) > GONE_AFTER_MS,
    );
  }
}

/** One process's part: whole numbers of calls, the rest to some of the processes, other ones for each destination. */
function partOf(whole: Allowance, destination: string, division: readonly string[], id: string): Allowance {
  const rank = division.indexOf(id);
  if (rank < 0) return NOTHING;
  const turn = (rank + sumOf(destination)) % division.length;
  const part = (total: number) =>
    Math.floor(total / division.length) + (turn < total % division.length ? 1 : 0);
  const concurrent = part(whole.concurrent);
  if (whole.rate === undefined) return { concurrent };
  const burst = part(whole.rate.burst);
  return { concurrent, rate: { perSecond: (whole.rate.perSecond * burst) / whole.rate.burst, burst } };
}

function leastOf(one: Allowance, other: Allowance): Allowance {
  const concurrent = Math.min(one.concurrent, other.concurrent);
  if (one.rate === undefined || other.rate === undefined)
    return { concurrent: one.rate || other.rate ? 0 : concurrent };
  return {
    concurrent,
    rate: {
      perSecond: Math.min(one.rate.perSecond, other.rate.perSecond),
      burst: Math.min(one.rate.burst, other.rate.burst),
    },
  };
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index]);
}

function sumOf(text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) sum = (sum * 31 + text.charCodeAt(index)) >>> 0;
  return sum;
}
