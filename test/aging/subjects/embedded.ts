import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { openStore } from '../../../src/store/open-store';
import { findRunningDevServer } from '../../../src/temporal/dev-server';
import { serverExecutable } from '../../support/server-executable';
import { ServiceChild } from '../../support/service-child';
import { SHORT_RETENTION } from '../short-retention';
import type { Subject, SubjectSettings } from '../subject';

/** One process, with SQLite and the embedded Temporal server. */
export async function embedded({ folder, variables, nodeOptions }: SubjectSettings): Promise<Subject> {
  const dataFolder = join(folder, 'data');
  const settings = { ...variables, TEMPORAL_CLI_PATH: await withShortRetention(folder) };
  const service = await ServiceChild.start(dataFolder, settings, nodeOptions);
  const server = await findRunningDevServer(dataFolder);
  if (server === undefined) throw new Error('the service runs no Temporal server');
  const store = await openStore({ dataFolder });
  return {
    service,
    temporal: server.address,
    store,
    databases: () =>
      Promise.resolve({
        rows: rowsOf(join(dataFolder, 'rule-webhooks.db')),
        store: sizeOf(dataFolder, 'rule-webhooks.db'),
        temporal: sizeOf(join(dataFolder, 'temporal'), 'temporal.db'),
      }),
    close: async () => {
      await store.close();
      await service.stop();
    },
  };
}

/** The service gives its server no such settings, so that a command in place of the server's adds them. */
async function withShortRetention(folder: string): Promise<string> {
  const command = join(folder, 'temporal');
  const more = Object.entries(SHORT_RETENTION).map(
    ([name, value]) => `--dynamic-config-value '${name}="${value}"'`,
  );
  writeFileSync(command, `#!/bin/sh\nexec '${await serverExecutable('cli')}' "$@" ${more.join(' ')}\n`);
  chmodSync(command, 0o755);
  return command;
}

/** Of all tables. */
function rowsOf(file: string): number {
  const database = new Database(file, { readonly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as {
      name: string;
    }[];
    return tables.reduce((sum, { name }) => {
      const { rows } = database.prepare(`SELECT count(*) AS rows FROM "${name}"`).get() as { rows: number };
      return sum + rows;
    }, 0);
  } finally {
    database.close();
  }
}

/** A database with its log. */
function sizeOf(folder: string, name: string): number {
  return readdirSync(folder)
    .filter((file) => file === name || file === `${name}-wal`)
    .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}
