import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { serverExecutable } from '../../test/support/server-executable';
import { openTemporalOnPostgres } from '../../test/support/temporal-on-postgres';
import { createDataConverter } from '../../src/temporal/payload-codec';
import { startDevServer } from '../../src/temporal/dev-server';
import { ensureNamespace } from '../../src/temporal/namespace';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes';

/** The floor has a namespace of its own, so that both sides' workers can be the same. */
export const FLOOR_NAMESPACE = 'floor';
const NAMESPACE = 'default';

/** On which server a bench runs: that which the service starts by itself, or Temporal's own with PostgreSQL. */
export type ServerKind = 'dev' | 'postgres';

/** The servers on which one bench runs, and a folder that goes with them. */
export interface Stage {
  kind: ServerKind;
  folder: string;
  /** Of Temporal. */
  address: string;
  /** For the store; absent: SQLite in the folder. */
  databaseUrl: string | undefined;
  /** Roots of what runs there, by name. */
  pids: Readonly<Record<string, number>>;
  connection: NativeConnection;
  client: Client;
  floorClient: Client;
  close(): Promise<void>;
}

export async function openStage(kind: ServerKind): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'rule-webhooks-bench-'));
  const server = await (kind === 'dev' ? openDevServer(folder) : openTemporalOnPostgres(folder)).catch(
    (error: unknown) => {
      rmSync(folder, { recursive: true });
      throw error;
    },
  );
  const connection = await NativeConnection.connect({ address: server.address });
  for (const namespace of [NAMESPACE, FLOOR_NAMESPACE]) await ensureNamespace(connection, namespace, 1);
  await ensureSearchAttributes(connection, NAMESPACE);
  const dataConverter = createDataConverter([]);
  return {
    ...server,
    kind,
    folder,
    connection,
    client: new Client({ connection, namespace: NAMESPACE, dataConverter }),
    floorClient: new Client({ connection, namespace: FLOOR_NAMESPACE, dataConverter }),
    close: async () => {
      await connection.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openDevServer(folder: string) {
  const server = await startDevServer({
    executable: await serverExecutable('cli'),
    dataFolder: folder,
    namespace: NAMESPACE,
    port: 0,
    uiPort: 0,
  });
  return {
    address: server.address,
    pids: { Temporal: server.pid },
    databaseUrl: undefined,
    close: () => server.stop(),
  };
}
