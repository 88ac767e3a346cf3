import type { Database } from './database';
import type { Store } from './store';

/** Small facts of the installation. */
export function createFacts(database: Database): Store['facts'] {
  return {
    async get(name) {
      const row = await database.reader
        .selectFrom('facts')
        .select('value')
        .where('name', '=', name)
        .executeTakeFirst();
      return row?.value;
    },
    async set(name, value) {
      await database.transaction((tx) =>
        tx
          .insertInto('facts')
          .values({ name, value })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
          .execute(),
      );
    },
  };
}
