import { join } from 'node:path';
import { Client } from 'pg';
import { openStore } from '../../../src/store/open-store';
import { createDatabase, PostgresCluster } from '../../support/postgres';
import { ServiceChild } from '../../support/service-child';
import { findTemporalServer, TemporalCluster } from '../../support/temporal-cluster';
import { SHORT_RETENTION } from '../short-retention';
import type { DatabaseSizes, Subject, SubjectSettings } from '../subject';

/** Temporal's own server, and PostgreSQL for it and for the store. */
export async function postgres({ folder, variables, nodeOptions }: SubjectSettings): Promise<Subject> {
  const binaries = findTemporalServer();
  if (binaries === undefined) throw new Error('There is no Temporal server, as it says above.');
  const server = await PostgresCluster.start({ isDurable: true });
  const temporal = await TemporalCluster.start(binaries, server.url, folder, {
    connections: 20,
    dynamicConfig: SHORT_RETENTION,
  });
  const databaseUrl = await createDatabase(server.url);
  const dataFolder = join(folder, 'data');
  const settings = { ...variables, DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporal.address };
  const service = await ServiceChild.start(dataFolder, settings, nodeOptions);
  const store = await openStore({ dataFolder, databaseUrl });
  return {
    service,
    temporal: temporal.address,
    store,
    databases: () => sizesOf(databaseUrl),
    close: async () => {
      await store.close();
      await service.stop();
      await temporal.stop();
      await server.remove();
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
