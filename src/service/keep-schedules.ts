import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { hasSchedule, isSame, markOf, type ScheduleMark } from '../client/rule-schedule';
import type { RuleKey, RuleSchedules } from '../client/rule-schedules';
import { scheduleIdOf } from '../shared/ids';
import { mapBounded } from '../shared/map-bounded';
import type { RuleFeed } from '../store/rule-feed';

/** Between two looks at whether another process has changed a rule. Milliseconds. */
const POLL_MS = 1_000;

/** After Temporal or the store was away. Milliseconds. */
const RETRY_MS = 5_000;

/** Between two comparisons of all schedules, for what somebody did in Temporal by hand. Milliseconds. */
const SWEEP_MS = 5 * 60_000;

/** For one schedule. Milliseconds. */
const TIME_LIMIT_MS = 10_000;

/** Schedules that are written at once. */
const CONCURRENT_WRITES = 10;

type Marked = RuleKey & { mark: ScheduleMark };

interface Deps {
  schedules: RuleSchedules;
  feed: RuleFeed;
  client: Client;
  warn: (line: string) => void;
}

/**
 * Keeps the Temporal schedules what the rules say: compares them all at the start and now and then, and follows each change
 * of a rule. While Temporal or the store is away, they stay as they are. Any number of processes may do so.
 *
 * @returns how to end that; what is under way is waited for (10 s at most)
 */
export function keepSchedules(deps: Deps): () => Promise<void> {
  const keeper = new Keeper(deps);
  const running = keeper.run();
  return async () => {
    keeper.stop();
    await running;
  };
}

class Keeper {
  private readonly stopping = new AbortController();
  /** Up to where the feed was read. */
  private upTo = 0;
  private loaded = false;
  /** What the rules say, by the id of the schedule. */
  private readonly wanted = new Map<string, Marked>();
  /** Rules that this version of the program cannot read: their schedules are left alone. */
  private readonly unreadable = new Set<string>();
  /** Schedules that may not be what their rules say. */
  private readonly doubtful = new Map<string, RuleKey>();
  private nextSweep = 0;
  private localChanges = 0;
  private wake: () => void = () => undefined;
  private lastWarning: string | undefined;

  constructor(private readonly deps: Deps) {}

  async run(): Promise<void> {
    const endOfChanges = this.deps.feed.onLocalChange(() => {
      this.localChanges += 1;
      this.wake();
    });
    while (!this.stopping.signal.aborted) {
      const included = this.localChanges;
      try {
        await this.look();
        this.lastWarning = undefined;
        if (this.localChanges === included) await this.pause(POLL_MS);
      } catch (error) {
        this.note(error);
        await this.pause(RETRY_MS);
      }
    }
    endOfChanges();
  }

  stop(): void {
    this.stopping.abort();
    this.wake();
  }

  private async look(): Promise<void> {
    const isSweep = Date.now() >= this.nextSweep;
    // Before the rules are read: what is there and has no rule then has lost it.
    const standing = isSweep ? await this.standing() : undefined;
    await this.read();
    if (standing !== undefined) {
      this.compare(standing);
      this.nextSweep = Date.now() + SWEEP_MS;
    }
    const failures: unknown[] = [];
    await mapBounded([...this.doubtful], CONCURRENT_WRITES, async ([id, key]) => {
      if (this.stopping.signal.aborted) return;
      this.doubtful.delete(id);
      try {
        await this.inTime(() => this.deps.schedules.sync(key));
      } catch (error) {
        // One that cannot be written must not hold up the others.
        this.doubtful.set(id, key);
        failures.push(error);
      }
    });
    if (failures.length > 0) throw failures[0];
  }

  private standing(): Promise<Map<string, Marked>> {
    return this.inTime(async () => {
      const standing = new Map<string, Marked>();
      for await (const each of this.deps.schedules.standing()) {
        standing.set(scheduleIdOf(each.workspace, each.ruleId), each);
      }
      return standing;
    });
  }

  /** Takes over what was changed since the last time. All that is there, at first: that is compared instead. */
  private async read(): Promise<void> {
    const { feed } = this.deps;
    if (this.loaded && (await feed.clock()) <= this.upTo) return;
    for await (const { items, upTo } of feed.changes(this.upTo)) {
      for (const item of items) {
        if (item.kind !== 'rule') continue;
        const key = { workspace: item.workspace, ruleId: item.id };
        const id = scheduleIdOf(key.workspace, key.ruleId);
        const had = this.wanted.delete(id);
        this.unreadable.delete(id);
        if (item.problem !== undefined) this.unreadable.add(id);
        else if (hasSchedule(item.stored?.rule))
          this.wanted.set(id, { ...key, mark: markOf(item.stored.rule) });
        const concerns = had || this.wanted.has(id);
        if (concerns && this.loaded && !this.unreadable.has(id)) this.doubtful.set(id, key);
      }
      this.upTo = upTo;
    }
    this.loaded = true;
  }

  private compare(standing: ReadonlyMap<string, Marked>): void {
    for (const [id, { mark, ...key }] of standing) {
      if (!this.unreadable.has(id) && !isSame(mark, this.wanted.get(id)?.mark)) this.doubtful.set(id, key);
    }
    for (const [id, { workspace, ruleId }] of this.wanted) {
      if (!standing.has(id)) this.doubtful.set(id, { workspace, ruleId });
    }
  }

  private inTime<T>(call: () => Promise<T>): Promise<T> {
    return this.deps.client.withDeadline(Date.now() + TIME_LIMIT_MS, call);
  }

  private async pause(ms: number): Promise<void> {
    const woken = new Promise<void>((resolve) => (this.wake = resolve));
    if (this.stopping.signal.aborted) return;
    const timer = new AbortController();
    const elapsed = delay(ms, undefined, { signal: timer.signal, ref: false }).catch(() => undefined);
    await Promise.race([woken, elapsed]);
    timer.abort();
  }

  /** Said once for each cause. */
  private note(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.lastWarning) return;
    this.lastWarning = message;
    this.deps.warn(`Schedules of rules stay as they are for now: ${message}`);
  }
}
