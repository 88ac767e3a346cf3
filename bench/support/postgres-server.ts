import { createDatabase, PostgresCluster } from '../../test/support/postgres';
import { findTemporalServer, TemporalCluster } from '../../test/support/temporal-cluster';

/** Temporal's own server in one process, and PostgreSQL, which loses nothing that it has acknowledged. */
export async function openPostgresServer(folder: string) {
  const binaries = findTemporalServer();
  if (binaries === undefined) throw new Error('There is no Temporal server, as it says above.');
  const postgres = await PostgresCluster.start({ isDurable: true });
  try {
    const server = await TemporalCluster.start(binaries, postgres.url, folder, { connections: 20 });
    return {
      address: server.address,
      pids: { Temporal: server.pid, PostgreSQL: postgres.pid },
      databaseUrl: await createDatabase(postgres.url),
      close: async () => {
        await server.stop();
        await postgres.remove();
      },
    };
  } catch (error) {
    await postgres.remove();
    throw error;
  }
}
