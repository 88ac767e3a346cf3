import type { CredentialKind } from '../destinations/credential';
import type { UsableCredential } from './credential-fit';
import type { Database, Tx } from './database';
import { slices } from './lists';
import type { CredentialTable } from './tables';

/** The rows of credentials by their ids, also of deleted ones. */
export async function findCredentials(
  db: Database['reader'] | Tx,
  workspace: string,
  ids: readonly string[],
): Promise<Map<string, CredentialTable>> {
  const found = new Map<string, CredentialTable>();
  for (const some of slices(ids)) {
    const rows = await db
      .selectFrom('credentials')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('id', 'in', some)
      .execute();
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}

/** What decides where credentials may be used, of those that are there. */
export async function usableCredentials(
  db: Database['reader'] | Tx,
  workspace: string,
  ids: readonly string[],
): Promise<Map<string, UsableCredential>> {
  const rows = await findCredentials(db, workspace, ids);
  return new Map(
    [...rows].filter(([, { deleted }]) => deleted === 0).map(([id, row]) => [id, usableOf(row.document)]),
  );
}

export function usableOf(document: string): UsableCredential {
  return JSON.parse(document) as { kind: CredentialKind; origins: string[] };
}
