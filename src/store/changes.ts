import type { Insertable } from 'kysely';
import type { JsonObject } from '../shared/json';
import type { Database, Tx } from './database';
import { slices } from './lists';
import type { Change } from './record';
import type { Tables } from './tables';

type AuditRow = Insertable<Tables['audit_log']>;

/** A change that is under way: all that it writes goes through `tx`. */
export interface ChangeUnderWay extends Change {
  tx: Tx;
  /** The clock's number of this change. */
  seq: number;
  /** Now, as it is written down. */
  at: string;
  /** Notes for the audit log what was done; it is written when all is done. `details` holds no secrets. */
  audit(action: string, subject: { type: string; id: string }, details?: JsonObject): void;
  /** The same change, for what it does in another workspace. */
  in(workspace: string): ChangeUnderWay;
}

/** Changes made by people: one after the other, each with a number of the clock and with entries in the audit log. */
export class Changes {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly database: Database) {}

  /**
   * Runs one change in one transaction, all or nothing. It begins by moving the clock, which every other change, of
   * whatever process, then waits for: so what `work` reads stays as it is, and the order of numbers is that of commits.
   *
   * @param options `dryRun`: takes everything back in the end, and answers the same
   */
  async run<T>(
    change: Change,
    work: (underWay: ChangeUnderWay) => Promise<T>,
    options: { dryRun: boolean } = { dryRun: false },
  ): Promise<T> {
    try {
      const result = await this.database.transaction(async (tx) => {
        const entries: AuditRow[] = [];
        const done = await work(await begin(tx, change, entries));
        if (options.dryRun) throw new TakenBack(done);
        for (const some of slices(entries)) await tx.insertInto('audit_log').values(some).execute();
        return done;
      });
      for (const listener of this.listeners) listener();
      return result;
    } catch (error) {
      if (error instanceof TakenBack) return error.result as T;
      throw error;
    }
  }

  /** @returns how to end that */
  onCommit(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}

/** Ends a dry run's transaction. */
class TakenBack extends Error {
  constructor(readonly result: unknown) {
    super('taken back');
  }
}

/**
 * Waits until no change is under way, and lets none begin before this transaction ends; for what belongs to nobody's change.
 */
export async function holdClock(tx: Tx): Promise<void> {
  await tx
    .updateTable('clock')
    .set((eb) => ({ seq: eb.ref('seq') }))
    .execute();
}

async function begin(tx: Tx, { workspace, actor }: Change, entries: AuditRow[]): Promise<ChangeUnderWay> {
  const { seq } = await tx
    .updateTable('clock')
    .set((eb) => ({ seq: eb('seq', '+', 1) }))
    .returning('seq')
    .executeTakeFirstOrThrow();
  const at = new Date().toISOString();
  const underWayIn = (place: string): ChangeUnderWay => ({
    workspace: place,
    actor,
    tx,
    seq,
    at,
    audit: (action, subject, details = {}) => {
      const subjectColumns = { subject_type: subject.type, subject_id: subject.id };
      const entry = { workspace: place, at, actor, action, ...subjectColumns };
      entries.push({ ...entry, details: JSON.stringify(details) });
    },
    in: underWayIn,
  });
  return underWayIn(workspace);
}
