import { join } from 'node:path';
import { Client } from 'pg';
import { openStore } from '../../../src/store/open-store';
import { ServiceChild } from '../../support/service-child';
import { openTemporalOnPostgres } from '../../support/temporal-on-postgres';
import { SHORT_RETENTION } from '../short-retention';
import type { DatabaseSizes, Subject, SubjectSettings } from '../subject';

/** Temporal's own server, and PostgreSQL for it and for the store. */
export async function postgres({ folder, variables, nodeOptions }: SubjectSettings): Promise<Subject> {
  const server = await openTemporalOnPostgres(folder, SHORT_RETENTION);
  const { databaseUrl, address } = server;
  const dataFolder = join(folder, 'data');
  const settings = { ...variables, DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: address };
  const service = await ServiceChild.start(dataFolder, settings, nodeOptions);
  const store = await openStore({ dataFolder, databaseUrl });
  return {
    service,
    temporal: address,
    store,
    databases: () => sizesOf(databaseUrl),
    close: async () => {
      await store.close();
      await service.stop();
      await server.close();
    },
  };
}

async function sizesOf(databaseUrl: string): Promise<DatabaseSizes> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const one = async (sql: string) =>
      Number((await client.query<{ value: string }>(sql)).rows[0]?.value ?? NaN);
    const tables = await client.query<{ name: string }>(
      "select format('%I', tablename) as name from pg_tables where schemaname = 'public'",
    );
    let rows = 0;
    for (const { name } of tables.rows) rows += await one(`select count(*) as value from ${name}`);
    return {
      rows,
      store: await one('select pg_database_size(current_database()) as value'),
      temporal: await one(
        "select pg_database_size('temporal') + pg_database_size('temporal_visibility') as value",
      ),
    };
  } finally {
    await client.end();
  }
}
