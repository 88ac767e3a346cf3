import { createDatabase, PostgresCluster } from './postgres';
import { findTemporalServer, TemporalCluster } from './temporal-cluster';

/**
 * Temporal's own server in one process, and PostgreSQL, which loses nothing that it has acknowledged.
 *
 * @param folder where the server's log is written
 * @param dynamicConfig of the server, beside that of the compose file
 */
export async function openTemporalOnPostgres(folder: string, dynamicConfig: Record<string, string> = {}) {
  const binaries = findTemporalServer();
  if (binaries === undefined) throw new Error('There is no Temporal server, as it says above.');
  const postgres = await PostgresCluster.start({ isDurable: true });
  try {
    const server = await TemporalCluster.start(binaries, postgres.url, folder, {
      connections: 20,
      dynamicConfig,
    });
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
