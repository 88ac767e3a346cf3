import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, Tx } from './database';
import { StaleMatchesError, StoreAwayError } from './errors';
import { inOrder, insertedEvent, insertEvents, keyOf, markEventsStarted, meetEvents } from './event-writes';
import type { EventKey, NewEvent } from './event-writes';
import { keepStates } from './scorecard-states';
import type { StoredEvent } from './event-store';
import type { ScorecardStateTable } from './tables';

/** How long a mark waits for a transaction that takes it along. Milliseconds. */
const MARK_DELAY_MS = 200;

/** After marks could not be written. Milliseconds. */
const MARK_RETRY_MS = 2_000;

/** What one transaction takes at most: events, matches of them, and marks. */
const MAX_BATCH_EVENTS = 500;
const MAX_BATCH_MATCHES = 10_000;
const MAX_BATCH_MARKS = 1_000;

/** Rounds for an event that is there when it is inserted, and gone when it is read. */
const MAX_ROUNDS = 5;

export interface Registered {
  stored: StoredEvent;
  inserted: boolean;
}

/** An event whose executions are on their way, and what it said of how its scorecard stands. */
interface Mark extends EventKey {
  states: readonly ScorecardStateTable[];
}

interface Registration {
  event: NewEvent;
  /** The clock that its matches were decided by. */
  asOf: number | undefined;
  resolve: (answer: Registered) => void;
  reject: (error: unknown) => void;
}

/**
 * Writes events so that those of the same moment share a transaction: while one runs, the next batch gathers. So the
 * cost of making it durable, which is most of the cost, is paid once for many.
 */
export class EventQueue {
  private waiting: Registration[] = [];
  private readonly marks = new Map<string, Mark>();
  private running: Promise<void> | undefined;
  private markTimer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly database: Database) {}

  /** @throws StaleMatchesError */
  register(event: NewEvent, asOf?: number): Promise<Registered> {
    if (this.closed) return Promise.reject(new Error('the store is closed'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ event, asOf, resolve, reject });
      this.run();
    });
  }

  mark(mark: Mark): void {
    this.marks.set(keyOf(mark), mark);
    this.scheduleMarks(MARK_DELAY_MS);
  }

  /** Whether the event will be marked as started, for readers who come before that is written. */
  isMarked(event: EventKey): boolean {
    return this.marks.has(keyOf(event));
  }

  /** Writes all marks that are queued. @throws StoreAwayError; they are tried again then */
  async writeMarks(): Promise<void> {
    for (let marks = this.takeMarks(); marks.length > 0; marks = this.takeMarks()) {
      try {
        const some = marks;
        await this.database.transaction((tx) => writeMarks(tx, some));
      } catch (error) {
        this.scheduleMarks(MARK_RETRY_MS);
        throw error;
      }
      this.dropMarks(marks);
    }
  }

  /** Takes nothing more, and resolves when all is written; marks that cannot be written are lost, which is allowed. */
  async close(): Promise<void> {
    this.closed = true;
    while (this.running !== undefined) await this.running;
    await this.writeMarks().catch(() => undefined);
  }

  private run(): void {
    this.running ??= this.drain().finally(() => {
      this.running = undefined;
      // Whoever was answered by the last batch may have come again before this.
      if (this.waiting.length > 0) this.run();
    });
  }

  private async drain(): Promise<void> {
    // Calls of this turn of the event loop go together.
    await nextTurn();
    while (this.waiting.length > 0) await this.settle(this.takeBatch());
  }

  private takeBatch(): Registration[] {
    let matches = 0;
    const end = this.waiting.findIndex(({ event }, index) => {
      matches += event.matches.length;
      return index > 0 && (index === MAX_BATCH_EVENTS || matches > MAX_BATCH_MATCHES);
    });
    return this.waiting.splice(0, end === -1 ? this.waiting.length : end);
  }

  private async settle(batch: Registration[]): Promise<void> {
    const marks = this.takeMarks();
    try {
      const [fresh, answers] = await this.database.transaction(async (tx) => {
        const some = await decidedBySameClock(tx, batch);
        const events = some.map(({ event }) => event);
        return [some, await registerAll(tx, events, marks)];
      });
      this.dropMarks(marks);
      answers.forEach((answer, index) => fresh[index]?.resolve(answer));
      const decided = new Set(fresh);
      for (const each of batch) if (!decided.has(each)) each.reject(new StaleMatchesError());
    } catch (error) {
      if (marks.length > 0) this.scheduleMarks(MARK_RETRY_MS);
      if (error instanceof StoreAwayError || batch.length === 1) {
        for (const { reject } of batch) reject(error);
        return;
      }
      // One that cannot be stored must not take the others with it.
      for (const each of batch) await this.settle([each]);
    }
  }

  /** They stay queued until they are written, so that readers know of them. */
  private takeMarks(): Mark[] {
    clearTimeout(this.markTimer);
    this.markTimer = undefined;
    return [...this.marks.values()].slice(0, MAX_BATCH_MARKS);
  }

  private dropMarks(marks: readonly Mark[]): void {
    for (const mark of marks) this.marks.delete(keyOf(mark));
    if (this.marks.size > 0) this.scheduleMarks(MARK_DELAY_MS);
  }

  private scheduleMarks(delayMs: number): void {
    if (this.closed) return;
    this.markTimer ??= setTimeout(() => {
      this.markTimer = undefined;
      void this.writeMarks().catch(() => undefined);
    }, delayMs).unref();
  }
}

/** Those whose matches are what they would be now. */
async function decidedBySameClock(tx: Tx, batch: Registration[]): Promise<Registration[]> {
  if (batch.every(({ asOf }) => asOf === undefined)) return batch;
  const { seq } = await tx.selectFrom('clock').select('seq').executeTakeFirstOrThrow();
  return batch.filter(({ asOf = seq }) => asOf >= seq);
}

async function writeMarks(tx: Tx, marks: readonly Mark[]): Promise<void> {
  await markEventsStarted(tx, marks);
  await keepStates(
    tx,
    marks.flatMap(({ states }) => states),
  );
}

/** @returns an answer for each event, in their order: of two with one id, the first is inserted */
async function registerAll(
  tx: Tx,
  events: readonly NewEvent[],
  marks: readonly Mark[],
): Promise<Registered[]> {
  if (events.length === 0) await writeMarks(tx, marks);
  const at = new Date().toISOString();
  const first = new Map<string, NewEvent>();
  for (const event of events) if (!first.has(keyOf(event))) first.set(keyOf(event), event);
  const inserted = new Set<string>();
  const stored = new Map<string, StoredEvent>();
  for (let round = 1; stored.size < first.size && round <= MAX_ROUNDS; round += 1) {
    const missing = inOrder([...first.values()].filter((event) => !stored.has(keyOf(event))));
    const others: NewEvent[] = [];
    const isInserted = await insertEvents(tx, missing, at);
    for (const event of missing) {
      const key = keyOf(event);
      if (isInserted.has(key)) {
        inserted.add(key);
        stored.set(key, insertedEvent(event, at));
      } else {
        others.push(event);
      }
    }
    if (round === 1) await writeMarks(tx, marks);
    for (const [key, event] of await meetEvents(tx, others, at)) stored.set(key, event);
  }
  return events.map((event) => {
    const key = keyOf(event);
    const found = stored.get(key);
    if (found === undefined) throw new Error(`event ${event.id} comes and goes`);
    return { stored: found, inserted: inserted.has(key) && first.get(key) === event };
  });
}
