import type { Database } from './database';
import type { CallingProcess, CallingProcesses } from './destination-store';

/** Where the processes that make calls find each other. */
export class CallingProcessRepository implements CallingProcesses {
  constructor(private readonly database: Database) {}

  async beat(
    { id, beat, divides }: CallingProcess,
    gone: readonly CallingProcess[],
  ): Promise<CallingProcess[]> {
    const written = { beat, divides: divides && JSON.stringify(divides) };
    const rows = await this.database.transaction(async (tx) => {
      // One at a time: see the interface.
      await tx
        .updateTable('calling_processes')
        .set((eb) => ({ beat: eb('beat', '+', 1) }))
        .where('id', '=', '')
        .execute();
      await tx
        .insertInto('calling_processes')
        .values({ id, ...written })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(written))
        .execute();
      for (const each of gone) {
        await tx
          .deleteFrom('calling_processes')
          .where('id', '=', each.id)
          .where('beat', '=', each.beat)
          .execute();
      }
      return tx.selectFrom('calling_processes').selectAll().where('id', '!=', '').orderBy('id').execute();
    });
    return rows.map((row) => ({
      ...row,
      divides: row.divides === null ? null : (JSON.parse(row.divides) as string[]),
    }));
  }

  async leave(id: string): Promise<void> {
    await this.database.transaction((tx) =>
      tx.deleteFrom('calling_processes').where('id', '=', id).execute(),
    );
  }
}
