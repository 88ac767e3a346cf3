import { join } from 'node:path';
import { findTemporalServer, prepareTemporal, temporalAnswers } from '../../../support/temporal-cluster';
import { ProcessParty } from './process-party';

/**
 * Temporal's own server, all its services in one process, with its data in PostgreSQL.
 *
 * @param folder for its configuration and its log
 * @param postgresUrl of a server without databases of Temporal's, as who may create them
 * @param postgresAddress by which the server is to reach it, `host:port`
 * @throws Error where there is no such server and it cannot be built
 */
export async function temporalOnPostgres(
  folder: string,
  postgresUrl: string,
  postgresAddress: string,
): Promise<{ party: ProcessParty; address: string }> {
  const binaries = findTemporalServer();
  if (binaries === undefined) throw new Error('There is no Temporal server, as it says above.');
  const { command, environment, address } = await prepareTemporal(binaries, postgresUrl, folder, {
    postgresAddress,
  });
  const party = new ProcessParty({
    name: 'temporal',
    command,
    environment,
    isReady: () => temporalAnswers(address),
    logFile: join(folder, 'temporal.log'),
  });
  return { party, address };
}
