import type { Database, Tx } from './database';
import type { EventQueue } from './event-queue';
import { findEvent, storedEvent } from './event-writes';
import { CHUNK_SIZE, unpackChunk } from './match-chunks';
import { statesOf } from './scorecard-states';
import type { EventMatch, Events, StoredEvent } from './event-store';

/** Events that one call of `purge` deletes, each with its matches. */
const PURGED_AT_ONCE = 500;

/** The record of accepted events. */
export class EventRepository implements Events {
  constructor(
    private readonly database: Database,
    private readonly queue: EventQueue,
  ) {}

  async register(
    workspace: string,
    event: Pick<StoredEvent, 'id' | 'hash' | 'event' | 'traceparent'>,
    matches: readonly EventMatch[],
    asOf?: number,
  ): Promise<{ stored: StoredEvent; inserted: boolean }> {
    const { stored, inserted } = await this.queue.register({ workspace, ...event, matches }, asOf);
    return { stored: this.asMarked(workspace, stored), inserted };
  }

  async get(workspace: string, id: string): Promise<StoredEvent | undefined> {
    const row = await findEvent(this.database.reader, workspace, id);
    return row && this.asMarked(workspace, storedEvent(row));
  }

  async list(
    workspace: string,
    { type, domain, cursor, limit }: Parameters<Events['list']>[1],
  ): Promise<{ events: StoredEvent[]; nextCursor?: string }> {
    const after = cursor === undefined ? undefined : readCursor(cursor);
    const rows = await this.database.reader
      .selectFrom('events')
      .selectAll()
      .where('workspace', '=', workspace)
      .$if(type !== undefined, (query) => query.where('type', '=', type ?? ''))
      .$if(domain !== undefined, (query) => query.where('domain', '=', domain ?? ''))
      .$if(after !== undefined, (query) =>
        query.where((eb) =>
          eb(eb.refTuple('received_at', 'id'), '<', eb.tuple(after?.receivedAt ?? '', after?.id ?? '')),
        ),
      )
      .orderBy('received_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    const events = rows.slice(0, limit).map((row) => this.asMarked(workspace, storedEvent(row)));
    const last = events.at(-1);
    return rows.length > limit && last ? { events, nextCursor: writeCursor(last) } : { events };
  }

  async matches(
    workspace: string,
    id: string,
    { offset, limit }: { offset: number; limit: number },
  ): Promise<EventMatch[]> {
    if (limit <= 0) return [];
    const first = Math.floor(offset / CHUNK_SIZE);
    const row = await findEvent(this.database.reader, workspace, id);
    if (row === undefined) return [];
    const chunks = await this.database.reader
      .selectFrom('event_matches')
      .select('matches')
      .where('workspace', '=', workspace)
      .where('event_id', '=', id)
      .where('chunk', '>=', first)
      .where('chunk', '<=', Math.floor((offset + limit - 1) / CHUNK_SIZE))
      .orderBy('chunk')
      .execute();
    const { event } = storedEvent(row);
    const skipped = offset - first * CHUNK_SIZE;
    return chunks.flatMap(({ matches }) => unpackChunk(event, matches)).slice(skipped, skipped + limit);
  }

  markStarted(workspace: string, stored: Pick<StoredEvent, 'id' | 'event' | 'receivedAt'>): void {
    this.queue.mark({ workspace, id: stored.id, states: statesOf(workspace, stored) });
  }

  async forget(workspace: string, id: string, untouchedForMs: number): Promise<void> {
    // What was started here must not be taken for pending.
    await this.queue.writeMarks();
    await this.database.transaction(async (tx) => {
      const forgotten = await tx
        .deleteFrom('events')
        .where('workspace', '=', workspace)
        .where('id', '=', id)
        .where('state', '=', 'pending')
        .where('touched_at', '<=', ago(untouchedForMs))
        .returning('id')
        .execute();
      await deleteMatches(tx, workspace, forgotten);
    });
  }

  async countPending(forMs: number): Promise<number> {
    const { count } = await this.database.reader
      .selectFrom('events')
      .select((eb) => eb.fn.countAll().as('count'))
      .where('state', '=', 'pending')
      .where('touched_at', '<=', ago(forMs))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async stalePending(olderThanMs: number, limit: number): Promise<{ workspace: string; id: string }[]> {
    const rows = await this.database.reader
      .selectFrom('events')
      .select(['workspace', 'id'])
      .where('state', '=', 'pending')
      .where('touched_at', '<=', ago(olderThanMs))
      .orderBy('touched_at')
      .limit(limit)
      .execute();
    return rows.filter((row) => !this.queue.isMarked(row));
  }

  async purge(receivedBefore: string): Promise<number> {
    const workspaces = await this.database.reader.selectFrom('workspaces').select('id').execute();
    let purged = 0;
    for (const { id: workspace } of workspaces) {
      if (purged === PURGED_AT_ONCE) break;
      purged += await this.database.transaction(async (tx) => {
        const deleted = await tx
          .deleteFrom('events')
          .where('workspace', '=', workspace)
          .where('id', 'in', (eb) =>
            eb
              .selectFrom('events')
              .select('id')
              .where('workspace', '=', workspace)
              .where('received_at', '<', receivedBefore)
              .where('state', '=', 'started')
              .orderBy('received_at')
              .limit(PURGED_AT_ONCE - purged),
          )
          .returning('id')
          .execute();
        await deleteMatches(tx, workspace, deleted);
        return deleted.length;
      });
    }
    return purged;
  }

  private asMarked(workspace: string, stored: StoredEvent): StoredEvent {
    return this.queue.isMarked({ workspace, id: stored.id }) ? { ...stored, state: 'started' } : stored;
  }
}

async function deleteMatches(tx: Tx, workspace: string, events: readonly { id: string }[]): Promise<void> {
  if (events.length === 0) return;
  await tx
    .deleteFrom('event_matches')
    .where('workspace', '=', workspace)
    .where(
      'event_id',
      'in',
      events.map(({ id }) => id),
    )
    .execute();
}

function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

function writeCursor({ receivedAt, id }: StoredEvent): string {
  return Buffer.from(JSON.stringify([receivedAt, id])).toString('base64url');
}

/** A cursor that is none of ours begins at the newest. */
function readCursor(cursor: string): { receivedAt: string; id: string } | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(read)) return undefined;
    const [receivedAt, id] = read as unknown[];
    return typeof receivedAt === 'string' && typeof id === 'string' ? { receivedAt, id } : undefined;
  } catch {
    return undefined;
  }
}
