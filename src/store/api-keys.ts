import type { Changes, ChangeUnderWay } from './changes';
import type { Database, Tx } from './database';
import { AlreadyExistsError, NotFoundError } from './errors';
import type { ApiKey, ApiKeys, NewApiKey } from './api-key-store';
import type { Change, Page } from './record';
import type { Tables } from './tables';

/** Who may call the API, as hashes of keys. */
export class ApiKeyRepository implements ApiKeys {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  async list(workspace: string, { after, limit }: Page): Promise<ApiKey[]> {
    const rows = await this.database.reader
      .selectFrom('api_keys')
      .selectAll()
      .where('workspace', '=', workspace)
      .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(apiKeyOf);
  }

  create(change: Change, key: NewApiKey): Promise<ApiKey> {
    return this.changes.run(change, (underWay) => insertApiKey(underWay, key));
  }

  async createFirst(change: Change, key: NewApiKey, keep: () => Promise<void>): Promise<ApiKey | undefined> {
    const isThere = (db: Database['reader'] | Tx) =>
      db.selectFrom('api_keys').select('id').limit(1).executeTakeFirst();
    // Every start asks, and hardly any has to wait for the changes of others.
    if (await isThere(this.database.reader)) return undefined;
    return this.changes.run(change, async (underWay) => {
      if (await isThere(underWay.tx)) return undefined;
      const created = await insertApiKey(underWay, key);
      await keep();
      return created;
    });
  }

  async find(id: string): Promise<(ApiKey & { hash: string }) | undefined> {
    const row = await this.database.reader
      .selectFrom('api_keys')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row && { ...apiKeyOf(row), hash: row.hash };
  }

  revoke(change: Change, id: string): Promise<ApiKey> {
    return this.changes.run(change, async (underWay) => {
      const row = await underWay.tx
        .selectFrom('api_keys')
        .selectAll()
        .where('workspace', '=', change.workspace)
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) throw new NotFoundError(`there is no API key "${id}"`);
      // It stays revoked since when it was first.
      if (row.revoked_at !== null) return apiKeyOf(row);
      await underWay.tx
        .updateTable('api_keys')
        .set({ revoked_at: underWay.at })
        .where('id', '=', id)
        .execute();
      underWay.audit('api_key.revoked', { type: 'api_key', id }, { name: row.name });
      return apiKeyOf({ ...row, revoked_at: underWay.at });
    });
  }
}

/** @throws AlreadyExistsError */
export async function insertApiKey(underWay: ChangeUnderWay, key: NewApiKey): Promise<ApiKey> {
  const { tx, workspace, at, actor } = underWay;
  const row = await tx
    .insertInto('api_keys')
    .values({ ...key, workspace, created_at: at, created_by: actor, revoked_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw new AlreadyExistsError(`there is an API key "${key.id}" already`);
  underWay.audit('api_key.created', { type: 'api_key', id: key.id }, { name: key.name, role: key.role });
  return apiKeyOf(row);
}

export function apiKeyOf(row: Tables['api_keys']): ApiKey {
  return {
    id: row.id,
    workspace: row.workspace,
    name: row.name,
    role: row.role,
    createdAt: row.created_at,
    createdBy: row.created_by,
    revokedAt: row.revoked_at,
  };
}
