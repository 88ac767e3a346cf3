import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { openStore } from '../src/store/open-store';
import { createDataConverter } from '../src/temporal/payload-codec';
import { startDevServer } from '../src/temporal/dev-server';
import { findServerExecutable } from '../src/temporal/server-executable';

/** What benches of executions run on: an embedded server and a store in SQLite files of a folder that goes with them. */
export async function openServerAndStore(name: string) {
  const folder = mkdtempSync(join(tmpdir(), `bench-${name}-`));
  const executable = await findServerExecutable('cli', {
    cliPath: process.env['TEMPORAL_CLI_PATH'],
    searchPath: process.env['PATH'] ?? '',
    cacheHome: process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  });
  const server = await startDevServer({
    executable,
    dataFolder: folder,
    namespace: 'default',
    port: 0,
    uiPort: 0,
  });
  const connection = await NativeConnection.connect({ address: server.address });
  const dataConverter = createDataConverter([]);
  const client = new Client({ connection, dataConverter });
  const store = await openStore({ dataFolder: folder });
  const close = async () => {
    await store.close();
    await connection.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { connection, dataConverter, client, store, close };
}
