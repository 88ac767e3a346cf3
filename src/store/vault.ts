import type { KeyObject } from 'node:crypto';
import { sql } from 'kysely';
import type { KeyRing } from '../secrets/key-ring';
import { keyIdOf, SEALED_PREFIX_LENGTH, SecretBox, SecretUnreadableError } from '../secrets/secret-box';
import { EncryptionKeyError } from '../secrets/setup-error';
import { purposeKey } from '../secrets/signed-text';
import { holdClock } from './changes';
import type { Database, Tx } from './database';
import { SEALED_TABLES } from './sealed-tables';

/** The fact that says which key seals: a text that everybody knows, sealed with it. */
const CHECK = 'encryption-check';
const CHECK_PLACE = `fact/${CHECK}`;
const CHECK_TEXT = 'rule-webhooks';

/**
 * Seals what the store keeps of secrets. Which key seals is said by the store itself and read in the transaction of each
 * secret: so all processes go over to a new key at the same moment, and one that does not have it seals nothing.
 */
export class Vault {
  private readonly box: SecretBox;

  constructor(private readonly keys: KeyRing) {
    this.box = new SecretBox(keys);
  }

  /** @throws SecretUnreadableError */
  open(place: string, sealed: string): string {
    return this.box.open(place, sealed);
  }

  /**
   * @param tx that holds the clock: see `Changes.run`
   * @returns how to seal in that transaction
   * @throws SecretUnreadableError when the key that seals is not at hand
   */
  async sealer(tx: Tx): Promise<{ keyId: string; seal: (place: string, secret: string) => string }> {
    const keyId = await sealingKeyId(tx);
    return { keyId, seal: (place, secret) => this.box.seal(keyId, place, secret) };
  }

  /**
   * A key for one purpose, which follows from the one that seals now: after a rotation it is another one.
   *
   * @throws SecretUnreadableError when the key that seals is not at hand
   */
  async purposeKey(db: Database['reader'], purpose: string): Promise<KeyObject> {
    return purposeKey(this.box.masterKey(await sealingKeyId(db)), purpose);
  }

  /** Lets this key seal from now on. @param tx that holds the clock */
  async goOverTo(tx: Tx, keyId: string): Promise<void> {
    const value = this.box.seal(keyId, CHECK_PLACE, CHECK_TEXT);
    await tx
      .insertInto('facts')
      .values({ name: CHECK, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  }

  /**
   * Makes sure, when a store is opened, that all its secrets can be opened; in a new one, settles which key seals.
   *
   * @throws EncryptionKeyError
   */
  async settle(database: Database): Promise<void> {
    await database.transaction(async (tx) => {
      await holdClock(tx);
      const check = await readCheck(tx);
      const used = new Set(await keysInUse(tx));
      if (check !== undefined) used.add(keyIdOf(check) ?? '?');
      const missing = [...used].filter((id) => this.keys.find(id) === undefined);
      if (missing.length > 0) throw this.keysMissing(database.description, missing);
      if (check === undefined) await this.goOverTo(tx, (await this.keys.first()).id);
      else this.assertOpens(database.description, check);
    });
  }

  private keysMissing(store: string, missing: readonly string[]): EncryptionKeyError {
    const { source, remedy } = this.keys;
    const there = this.keys.ids();
    const has = there.length === 0 ? 'has no key' : `has ${named(there)} alone`;
    return new EncryptionKeyError(
      `The secrets in the store (${store}) are sealed with ${named(missing)}, and ${source} ${has}. ` +
        `Without the right one they cannot be read: ${remedy}.`,
    );
  }

  private assertOpens(store: string, check: string): void {
    try {
      if (this.open(CHECK_PLACE, check) === CHECK_TEXT) return;
    } catch (error) {
      if (!(error instanceof SecretUnreadableError)) throw error;
    }
    throw new EncryptionKeyError(
      `The store (${store}) was changed: what it is sealed with cannot be told any more.`,
    );
  }
}

function named(ids: readonly string[]): string {
  return `${ids.length === 1 ? 'key' : 'keys'} ${ids.join(', ')}`;
}

/** @throws SecretUnreadableError when the store does not say it */
async function sealingKeyId(db: Database['reader'] | Tx): Promise<string> {
  const keyId = keyIdOf((await readCheck(db)) ?? '');
  if (keyId === undefined)
    throw new SecretUnreadableError('the store does not say with which key it is sealed');
  return keyId;
}

async function readCheck(db: Database['reader'] | Tx): Promise<string | undefined> {
  const row = await db.selectFrom('facts').select('value').where('name', '=', CHECK).executeTakeFirst();
  return row?.value;
}

/** The ids of the keys with which anything is sealed. */
async function keysInUse(tx: Tx): Promise<string[]> {
  const ids: string[] = [];
  for (const { table } of SEALED_TABLES) {
    const { rows } = await sql<{ prefix: string }>`
      select distinct substr(sealed, 1, ${sql.lit(SEALED_PREFIX_LENGTH)}) as prefix
      from ${sql.table(table)} where sealed is not null`.execute(tx);
    ids.push(...rows.map(({ prefix }) => keyIdOf(prefix) ?? '?'));
  }
  return ids;
}
