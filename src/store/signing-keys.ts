import type { SigningKey, SigningKeyView } from '../destinations/signing-key';
import { publicKeyOf } from '../secrets/signing-key';
import type { ChangeUnderWay } from './changes';
import type { Database, Tx } from './database';
import { slices } from './lists';
import { placeOf } from './sealed-tables';
import type { SigningKeyTable } from './tables';
import type { Vault } from './vault';

/** The keys that sign at this moment, newest first, of some origins of a workspace. */
export async function liveSigningKeys(
  db: Database['reader'] | Tx,
  workspace: string,
  origins: readonly string[],
): Promise<SigningKeyTable[]> {
  const now = new Date().toISOString();
  const found: SigningKeyTable[] = [];
  for (const some of slices(origins)) {
    const rows = await db
      .selectFrom('signing_keys')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('origin', 'in', some)
      .where((eb) => eb.or([eb('signs_until', 'is', null), eb('signs_until', '>', now)]))
      .orderBy('seq', 'desc')
      .execute();
    found.push(...rows);
  }
  return found;
}

/** Puts a key in force. Those before it are the caller's to end. */
export async function insertSigningKey(
  { tx, workspace, actor, at, seq }: ChangeUnderWay,
  vault: Vault,
  origin: string,
  key: SigningKey,
  { shown }: { shown: boolean },
): Promise<SigningKeyTable> {
  const { seal } = await vault.sealer(tx);
  const row: SigningKeyTable = {
    workspace,
    origin,
    id: key.id,
    seq,
    algorithm: key.algorithm,
    public_key: publicKeyOf(key),
    sealed: seal(placeOf.signingKey(workspace, origin, key.id), key.secret),
    shown: shown ? 1 : 0,
    created_at: at,
    created_by: actor,
    signs_until: null,
  };
  await tx.insertInto('signing_keys').values(row).execute();
  return row;
}

/** @throws SecretUnreadableError */
export function openSigningKey(vault: Vault, row: SigningKeyTable): SigningKey {
  const { workspace, origin, id, algorithm, sealed } = row;
  return { id, algorithm, secret: vault.open(placeOf.signingKey(workspace, origin, id), sealed) };
}

export function signingKeyView(row: SigningKeyTable): SigningKeyView {
  return {
    id: row.id,
    algorithm: row.algorithm,
    publicKey: row.public_key,
    createdAt: row.created_at,
    isShown: row.shown === 1,
    signsUntil: row.signs_until,
  };
}
