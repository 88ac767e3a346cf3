import { sql } from 'kysely';
import type { KeyRing } from '../secrets/key-ring';
import { sealedWith } from '../secrets/secret-box';
import type { Changes } from './changes';
import type { Tx } from './database';
import { SEALED_TABLES } from './sealed-tables';
import type { SealedSecrets } from './destination-store';
import type { Change } from './record';
import type { Vault } from './vault';

/** Secrets that one transaction seals anew: some 20 ms, in which nobody else writes. */
const AT_ONCE = 200;

/** Takes all secrets over to another master key, while other processes go on. */
export class KeyRotation implements SealedSecrets {
  constructor(
    private readonly changes: Changes,
    private readonly vault: Vault,
    private readonly keys: KeyRing,
  ) {}

  get source(): string {
    return this.keys.source;
  }

  /**
   * First the store says that the new key seals: whoever sealed with the old one has committed before that, since each of
   * them held the clock, and is found by what follows. Old keys are forgotten in a transaction that has found nothing
   * sealed with them, and that holds the clock: so of two rotations at once none forgets what the other still needs.
   */
  async rotate(change: Change): Promise<{ resealed: number; key: string; retired: string[] }> {
    await this.changes.run(change, async ({ tx }) => this.vault.goOverTo(tx, (await this.keys.next()).id));
    for (let resealed = 0; ;) {
      const done = await this.changes.run(change, async (underWay) => {
        const { keyId: key, seal } = await this.vault.sealer(underWay.tx);
        const count = await this.resealSome(underWay.tx, key, seal);
        if (count > 0) return { count };
        const retired = await this.keys.keepOnly(key);
        underWay.audit('encryption.rotated', { type: 'encryption', id: key }, { resealed, retired });
        return { count, key, retired };
      });
      if (done.key !== undefined) return { resealed, key: done.key, retired: done.retired };
      resealed += done.count;
    }
  }

  /** @returns how many were found that another key had sealed */
  private async resealSome(
    tx: Tx,
    keyId: string,
    seal: (place: string, secret: string) => string,
  ): Promise<number> {
    let count = 0;
    for (const { table, key, place } of SEALED_TABLES) {
      const columns = sql.join(key.map((column) => sql.ref(column)));
      const { rows } = await sql<Record<string, string> & { sealed: string }>`
        select ${columns}, sealed from ${sql.table(table)}
        where sealed not like ${`${sealedWith(keyId)}%`} limit ${AT_ONCE - count}`.execute(tx);
      for (const row of rows) {
        const sealed = seal(place(row), this.vault.open(place(row), row.sealed));
        const isIt = key.map((column) => sql`${sql.ref(column)} = ${row[column]}`);
        await sql`update ${sql.table(table)} set sealed = ${sealed} where ${sql.join(isIt, sql` and `)}`.execute(
          tx,
        );
      }
      count += rows.length;
    }
    return count;
  }
}
