import { SESSION_IDLE_MS, SESSION_LINK_MS, SESSION_MS } from '../shared/limits';
import { apiKeyOf } from './api-keys';
import type { Changes, ChangeUnderWay } from './changes';
import type { Database, Tx } from './database';
import { NotFoundError } from './errors';
import type { NewSession, Session, Sessions } from './session-store';
import type { ApiKey } from './api-key-store';
import type { Change } from './record';

/** How exactly it is known when a session was used last: not each request writes. Milliseconds. */
const SEEN_EVERY_MS = 60_000;

/** Who has signed in, as hashes. */
export class SessionRepository implements Sessions {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  begin(change: Change, { keyId, ...session }: NewSession & { keyId: string }): Promise<Session> {
    return this.changes.run(change, async (underWay) => {
      const key = await validKey(underWay.tx, keyId);
      if (key === undefined) throw new NotFoundError(`there is no API key "${keyId}"`);
      return insertSession(underWay, key, session, 'key');
    });
  }

  async use(hash: string, now: Date): Promise<Session | undefined> {
    const found = await this.database.reader
      .selectFrom('sessions')
      .innerJoin('api_keys', 'api_keys.id', 'sessions.key_id')
      .selectAll('api_keys')
      .select(['sessions.ends_at', 'sessions.seen_at'])
      .where('sessions.hash', '=', hash)
      .where('sessions.ends_at', '>', now.toISOString())
      .where('sessions.seen_at', '>', ago(now, SESSION_IDLE_MS))
      .where('api_keys.revoked_at', 'is', null)
      .executeTakeFirst();
    if (found === undefined) return undefined;
    if (found.seen_at < ago(now, SEEN_EVERY_MS)) {
      await this.database.transaction((tx) =>
        tx
          .updateTable('sessions')
          .set({ seen_at: now.toISOString() })
          .where('hash', '=', hash)
          .where('seen_at', '<', now.toISOString())
          .execute(),
      );
    }
    return { key: apiKeyOf(found), expiresAt: endOf(found.ends_at, now) };
  }

  async end(hash: string, address: string): Promise<void> {
    const owner = await this.database.reader
      .selectFrom('sessions')
      .innerJoin('api_keys', 'api_keys.id', 'sessions.key_id')
      .select(['api_keys.id', 'api_keys.name', 'api_keys.workspace'])
      .where('sessions.hash', '=', hash)
      .executeTakeFirst();
    if (owner === undefined) return;
    const { id, name, workspace } = owner;
    await this.changes.run({ workspace, actor: `key/${id}` }, async (changed) => {
      const { tx } = changed;
      const { numDeletedRows } = await tx.deleteFrom('sessions').where('hash', '=', hash).executeTakeFirst();
      if (numDeletedRows > 0) changed.audit('session.ended', { type: 'api_key', id }, { name, address });
    });
  }

  addLink(
    change: Change,
    { hash, keyId, address, now }: NewSession & { keyId: string },
  ): Promise<{ expiresAt: string }> {
    const expiresAt = after(now, SESSION_LINK_MS);
    return this.changes.run(change, async (changed) => {
      await changed.tx
        .insertInto('session_links')
        .values({ hash, key_id: keyId, ends_at: expiresAt })
        .execute();
      changed.audit('session_link.created', { type: 'api_key', id: keyId }, { address });
      return { expiresAt };
    });
  }

  async redeem(linkHash: string, session: NewSession): Promise<Session | undefined> {
    const owner = await this.database.reader
      .selectFrom('session_links')
      .innerJoin('api_keys', 'api_keys.id', 'session_links.key_id')
      .select(['api_keys.id', 'api_keys.workspace'])
      .where('session_links.hash', '=', linkHash)
      .executeTakeFirst();
    if (owner === undefined) return undefined;
    const change = { workspace: owner.workspace, actor: `key/${owner.id}` };
    return this.changes.run(change, async (underWay) => {
      // Whoever deletes it has it, and nobody else.
      const used = await underWay.tx
        .deleteFrom('session_links')
        .where('hash', '=', linkHash)
        .returning(['key_id', 'ends_at'])
        .executeTakeFirst();
      if (used === undefined || used.ends_at <= session.now.toISOString()) return undefined;
      const key = await validKey(underWay.tx, used.key_id);
      return key && insertSession(underWay, key, session, 'link');
    });
  }

  async purge(now: Date): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx
        .deleteFrom('sessions')
        .where((eb) =>
          eb.or([eb('ends_at', '<=', now.toISOString()), eb('seen_at', '<=', ago(now, SESSION_IDLE_MS))]),
        )
        .execute();
      await tx.deleteFrom('session_links').where('ends_at', '<=', now.toISOString()).execute();
    });
  }
}

async function validKey(tx: Tx, id: string): Promise<ApiKey | undefined> {
  const row = await tx
    .selectFrom('api_keys')
    .selectAll()
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row && apiKeyOf(row);
}

async function insertSession(
  underWay: ChangeUnderWay,
  key: ApiKey,
  { hash, address, now }: NewSession,
  by: 'key' | 'link',
): Promise<Session> {
  const endsAt = after(now, SESSION_MS);
  await underWay.tx
    .insertInto('sessions')
    .values({ hash, key_id: key.id, ends_at: endsAt, seen_at: now.toISOString() })
    .execute();
  underWay.audit('session.begun', { type: 'api_key', id: key.id }, { name: key.name, by, address });
  return { key, expiresAt: endOf(endsAt, now) };
}

function endOf(endsAt: string, now: Date): string {
  const idleEnd = after(now, SESSION_IDLE_MS);
  return idleEnd < endsAt ? idleEnd : endsAt;
}

function after(now: Date, ms: number): string {
  return new Date(now.getTime() + ms).toISOString();
}

function ago(now: Date, ms: number): string {
  return after(now, -ms);
}
