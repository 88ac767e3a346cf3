import { TokenBucket, type Rate } from './token-bucket';
import { WaitingLine } from './waiting-line';

/** What may be of one destination's calls. Nothing of either means that none may begin. */
export interface Allowance {
  /** Calls under way at once. */
  concurrent: number;
  rate?: Rate;
}

/** A call that asks for room. Times are in milliseconds. */
export interface Visitor {
  /** The same each time that it asks. */
  id: string;
  /** When it became due: who waits longer goes first. */
  since: number;
  isRetry: boolean;
  /** Whether it was told to come again before. */
  isBack: boolean;
}

/** What a visitor is told. */
export type Answer =
  /** Its call may begin; to be told when it has ended. */
  { leave: (now: number) => void } | Refusal;

export interface Refusal {
  comeAgainInMs: number;
  /** What there is no room in: the calls under way, their rate, or the share of this process. */
  because: 'concurrent' | 'rate' | 'share';
}

type Kind = 'first' | 'retry';

/** While both wait, room goes to three first attempts for each retry: neither kind holds up the other for good. */
const WEIGHTS: Record<Kind, number> = { first: 3, retry: 1 };

/** How long a call takes, before one has shown it. Too low a guess costs a second try, one too high idle room. Milliseconds. */
const GUESSED_MS = 1_000;

/** What the latest call counts in the average. */
const SMOOTHING = 0.2;

/** For how long room is kept for those who were told to come then, before a newcomer takes it. Milliseconds. */
const KEPT_FROM_NEWCOMERS_MS = { least: 1_000, most: 10_000 };

/** Those who come back at about the same time come in any order. Milliseconds. */
const SAME_TIME_MS = 100;

/** How late one may be, by Temporal's timers and the way here. Milliseconds. */
const LATE_MS = 500;

/** Nobody is told to come again sooner, nor later: who waits long looks whether it goes faster by now. Milliseconds. */
const COME_AGAIN_MS = { soonest: 10, latest: 5 * 60_000 };

/** While this process may use nothing, it is not asked for more often than this. Milliseconds. */
const NO_SHARE_MS = 2_000;

/** How many are remembered of each kind that wait; what comes beyond has no place in the line. */
const MAX_REMEMBERED = 10_000;

/**
 * The calls of one process to one destination: those that are under way, and lines of those that were told when to come
 * again. The time is told by how many are before it and how long calls have taken, so that it holds at the first or
 * second try. Whoever comes back has its place by how long it has waited.
 */
export class DestinationRoom {
  private readonly lines: Record<Kind, WaitingLine> = { first: new WaitingLine(), retry: new WaitingLine() };
  private readonly bucket: TokenBucket;
  /** When each of those under way began, the oldest first. */
  private readonly underWay = new Set<{ began: number }>();
  /** How long calls have taken on average. */
  private averageMs: number | undefined;
  /** Start-time fair queueing: when each kind has its next turn, and when the latest turn was, in turns. */
  private readonly nextTurns: Record<Kind, number> = { first: 0, retry: 0 };
  private latestTurn = 0;

  /** @param startedAt since when it is known what has begun: nothing may begin at once for what might have been before */
  constructor(startedAt: number) {
    this.bucket = new TokenBucket(startedAt);
  }

  get callsUnderWay(): number {
    return this.underWay.size;
  }

  /** How many were told to come again, and are not overdue. */
  waiting(now: number): number {
    this.forgetOverdue(now);
    return this.lines.first.length + this.lines.retry.length;
  }

  /** Whether a new one would answer the same, but for the guess of how long calls take. */
  isAtRest(now: number): boolean {
    const { first, retry } = this.lines;
    return this.underWay.size + first.length + retry.length === 0 && this.bucket.isFull(now);
  }

  /**
   * @param share what this process may use of the limits
   * @param whole all of them: by which the wait is guessed while the share is nothing
   */
  enter(visitor: Visitor, share: Allowance, whole: Allowance, now: number): Answer {
    this.forgetOverdue(now);
    const { id, since, isBack } = visitor;
    const kind = visitor.isRetry ? 'retry' : 'first';
    const line = this.lines[kind];
    const isKnown = line.remove(id);
    // It stood in the line of another process; one of this line will come back there in its stead.
    if (isBack && !isKnown) line.forgetMostOverdue(now);

    const mayBegin = share.concurrent > 0 && (share.rate?.burst ?? 1) > 0;
    if (mayBegin) {
      const kept = isBack ? SAME_TIME_MS : this.keptFromNewcomersMs(share, now);
      if (this.waitAfter(this.countBefore(kind, since, now + kept), share, now).ms < 1) {
        return { leave: this.begin(kind, share, now) };
      }
    }
    const wait = this.waitAfter(this.countBefore(kind, since, Infinity), mayBegin ? share : whole, now);
    const least = mayBegin ? COME_AGAIN_MS.soonest : NO_SHARE_MS;
    const comeAgainInMs = Math.min(COME_AGAIN_MS.latest, Math.max(least, Math.ceil(wait.ms)));
    if (line.length < MAX_REMEMBERED) line.put({ id, since, backAt: now + comeAgainInMs });
    return { comeAgainInMs, because: mayBegin ? wait.because : 'share' };
  }

  private forgetOverdue(now: number): void {
    for (const line of Object.values(this.lines)) line.forget(now - LATE_MS);
  }

  private begin(kind: Kind, { rate }: Allowance, now: number): (now: number) => void {
    if (rate) this.bucket.take(rate, now);
    const call = { began: now };
    this.underWay.add(call);
    this.latestTurn = this.turnOf(kind);
    this.nextTurns[kind] = this.latestTurn + 1 / WEIGHTS[kind];
    return (then) => {
      if (!this.underWay.delete(call)) return;
      const took = Math.max(1, then - now);
      this.averageMs = (this.averageMs ?? took) * (1 - SMOOTHING) + took * SMOOTHING;
    };
  }

  private turnOf(kind: Kind): number {
    return Math.max(this.latestTurn, this.nextTurns[kind]);
  }

  /** How many go before one of this kind, of those that are back by a time. */
  private countBefore(kind: Kind, since: number, backBy: number): number {
    const own = this.lines[kind].countBefore(since, backBy);
    const otherKind = kind === 'first' ? 'retry' : 'first';
    const others = this.lines[otherKind].countBefore(Infinity, backBy);
    if (others === 0) return own;
    const turn = this.turnOf(kind) + own / WEIGHTS[kind];
    const turns = (turn - this.turnOf(otherKind)) * WEIGHTS[otherKind];
    // At the same turn, the first attempt goes first.
    const theirs = kind === 'retry' ? Math.floor(turns) + 1 : Math.ceil(turns);
    return own + Math.min(others, Math.max(0, theirs));
  }

  /** How long until one may begin that has so many before it. */
  private waitAfter(
    before: number,
    { concurrent, rate }: Allowance,
    now: number,
  ): { ms: number; because: 'concurrent' | 'rate' } {
    const free = concurrent - this.underWay.size;
    const spacing = this.callMs(now) / Math.max(1, concurrent);
    const forRoom = before < free ? 0 : this.nextEndIn(spacing, now) + (before - free) * spacing;
    const forRate = rate ? this.bucket.waitFor(before + 1, rate, now) : 0;
    return forRate > forRoom ? { ms: forRate, because: 'rate' } : { ms: forRoom, because: 'concurrent' };
  }

  private keptFromNewcomersMs({ concurrent, rate }: Allowance, now: number): number {
    const spacing = Math.max(this.callMs(now) / concurrent, rate ? 1_000 / rate.perSecond : 0);
    return Math.min(KEPT_FROM_NEWCOMERS_MS.most, Math.max(KEPT_FROM_NEWCOMERS_MS.least, spacing));
  }

  /** When the oldest call will have ended; one that takes longer than others is looked after now and then. */
  private nextEndIn(spacing: number, now: number): number {
    const [oldest] = this.underWay;
    const left = oldest ? this.callMs(now) - (now - oldest.began) : 0;
    return Math.max(left, spacing / 10, COME_AGAIN_MS.soonest);
  }

  /** How long a call takes. */
  private callMs(now: number): number {
    if (this.averageMs !== undefined) return this.averageMs;
    const [oldest] = this.underWay;
    return Math.max(GUESSED_MS, oldest ? now - oldest.began : 0);
  }
}
