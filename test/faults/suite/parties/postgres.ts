import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { createDatabase, PostgresCluster } from '../../../support/postgres';
import { ProcessTreeParty } from './process-party';

/** A PostgreSQL server under our own supervision, on the files that the tests' script made. */
export interface Postgres {
  party: ProcessTreeParty;
  /** `host:port`. */
  address: string;
  /** The database's URL by another way. @param address `host:port` */
  urlBy(address: string): string;
  remove(): Promise<void>;
}

/** As many as PostgreSQL has unless told: that of the tests has fewer. */
const CONNECTIONS = ['-c', 'max_connections=100'];

/**
 * @param folder below which its files are, on a file system that may fill up
 * @param name of the party
 */
export async function postgresServer(folder: string, logFile: string, name = 'postgres'): Promise<Postgres> {
  const cluster = await PostgresCluster.start({ folder });
  const url = new URL(await createDatabase(cluster.url));
  const client = new Client({ connectionString: cluster.url });
  await client.connect();
  const { rows } = await client.query<{ data_directory: string }>('show data_directory');
  await client.end();
  const dataFolder = rows[0]?.data_directory ?? '';
  const pid = readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  await cluster.pause();
  const { uid, gid } = statSync(dataFolder);
  const party = new ProcessTreeParty({
    name,
    command: [...command, ...CONNECTIONS],
    environment: {},
    isReady: /database system is ready to accept connections/,
    logFile,
    ...{ uid, gid },
    // SIGTERM would wait for its clients to leave.
    endSignal: 'SIGINT',
  });
  const urlBy = (address: string) => {
    const by = new URL(url);
    by.host = address;
    return by.href;
  };
  return { party, address: url.host, urlBy, remove: () => cluster.remove() };
}
