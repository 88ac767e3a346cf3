import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IncomingEvent } from '../rules/event';
import type { Tx } from './database';
import { groupBy } from './lists';
import { CHUNK_SIZE, packChunk } from './match-chunks';
import type { EventMatch, StoredEvent } from './event-store';
import type { EventTable } from './tables';

/** Rows that one statement writes. */
const ROWS_AT_ONCE = 200;

/** Rows of matches that one statement writes: each has a hundred, and the process does other things between two. */
const CHUNKS_AT_ONCE = 10;

/** An event of some workspace. */
export interface EventKey {
  workspace: string;
  id: string;
}

export interface NewEvent extends EventKey {
  hash: string;
  event: IncomingEvent;
  matches: readonly EventMatch[];
  traceparent?: string;
}

/** One text for one event, for maps. */
export function keyOf({ workspace, id }: EventKey): string {
  return `${workspace} ${id}`;
}

/**
 * In the order in which every transaction takes events: two that take the same ones wait for each other, and do not end
 * up each waiting for what the other has.
 */
export function inOrder<T extends EventKey>(events: readonly T[]): T[] {
  return [...events].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Records those events of which there is none by their id. @returns their keys */
export async function insertEvents(tx: Tx, events: readonly NewEvent[], at: string): Promise<Set<string>> {
  const inserted = new Set<string>();
  for (let start = 0; start < events.length; start += ROWS_AT_ONCE) {
    const rows = await tx
      .insertInto('events')
      .values(
        events
          .slice(start, start + ROWS_AT_ONCE)
          .map(({ workspace, id, hash, event, matches, traceparent = null }) => ({
            workspace,
            id,
            hash,
            event: JSON.stringify(event),
            received_at: at,
            touched_at: at,
            state: 'pending' as const,
            matched: matches.length,
            type: event.type,
            domain: event.domain ?? null,
            traceparent,
          })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .returning(['workspace', 'id'])
      .execute();
    for (const row of rows) inserted.add(keyOf(row));
  }
  for (const event of events) {
    if (inserted.has(keyOf(event)) && event.matches.length > 0) await insertMatches(tx, event);
  }
  return inserted;
}

/** What a row is that `insertEvents` has made, without reading it. */
export function insertedEvent({ id, hash, event, matches, traceparent }: NewEvent, at: string): StoredEvent {
  const traced = traceparent === undefined ? {} : { traceparent };
  return { id, hash, event, receivedAt: at, state: 'pending', matched: matches.length, ...traced };
}

async function insertMatches(tx: Tx, { workspace, id, event, matches }: NewEvent): Promise<void> {
  const chunks = Math.ceil(matches.length / CHUNK_SIZE);
  for (let first = 0; first < chunks; first += CHUNKS_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(CHUNKS_AT_ONCE, chunks - first) }, (_, n) => first + n);
    await tx
      .insertInto('event_matches')
      .values(
        numbers.map((chunk) => ({
          workspace,
          event_id: id,
          chunk,
          matches: packChunk(event, matches.slice(chunk * CHUNK_SIZE, (chunk + 1) * CHUNK_SIZE)),
        })),
      )
      .execute();
    if (chunks > CHUNKS_AT_ONCE) await nextTurn();
  }
}

/** Reads events that were met again, and notes when, so that nobody takes them for left. @returns them by key */
export async function meetEvents(
  tx: Tx,
  events: readonly EventKey[],
  at: string,
): Promise<Map<string, StoredEvent>> {
  const met = new Map<string, StoredEvent>();
  for (const [workspace, some] of groupBy(events, (event) => event.workspace)) {
    const ids = some.map(({ id }) => id);
    const touched = await tx
      .updateTable('events')
      .set({ touched_at: at })
      .where('workspace', '=', workspace)
      .where('id', 'in', ids)
      .where('state', '=', 'pending')
      .returningAll()
      .execute();
    const others = await tx
      .selectFrom('events')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('id', 'in', ids)
      .execute();
    for (const row of [...others, ...touched]) met.set(keyOf(row), storedEvent(row));
  }
  return met;
}

export async function markEventsStarted(tx: Tx, events: readonly EventKey[]): Promise<void> {
  for (const [workspace, some] of groupBy(events, (event) => event.workspace)) {
    const ids = some.map(({ id }) => id);
    await tx
      .updateTable('events')
      .set({ state: 'started' })
      .where('workspace', '=', workspace)
      .where('id', 'in', ids)
      .where('state', '=', 'pending')
      .execute();
  }
}

export function findEvent(
  db: Pick<Tx, 'selectFrom'>,
  workspace: string,
  id: string,
): Promise<EventTable | undefined> {
  return db
    .selectFrom('events')
    .selectAll()
    .where('workspace', '=', workspace)
    .where('id', '=', id)
    .executeTakeFirst();
}

export function storedEvent(row: EventTable): StoredEvent {
  return {
    id: row.id,
    hash: row.hash,
    event: JSON.parse(row.event) as IncomingEvent,
    receivedAt: row.received_at,
    state: row.state,
    matched: row.matched,
    ...(row.traceparent !== null && { traceparent: row.traceparent }),
  };
}
