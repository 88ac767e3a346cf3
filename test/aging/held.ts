import { once } from 'node:events';
import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import type { ServiceChild } from '../support/service-child';

interface Answer {
  rss: number;
  heapUsed: number;
  external: number;
  timers: number;
}

/** What the service holds now: memory after a garbage collection, what is open, and what its databases have. Bytes and counts. */
export async function heldBy({ child }: ServiceChild, dataFolder: string): Promise<Record<string, number>> {
  child.send({});
  const [{ rss, heapUsed, external, timers }] = (await once(child, 'message')) as [Answer];
  return {
    heap: heapUsed,
    external,
    rss,
    timers,
    ...openFilesOf(child.pid ?? 0),
    rows: rowsOf(join(dataFolder, 'rule-webhooks.db')),
    store: sizeOf(dataFolder, 'rule-webhooks.db'),
    temporal: sizeOf(join(dataFolder, 'temporal'), 'temporal.db'),
  };
}

function openFilesOf(pid: number): { sockets: number; files: number } {
  const folder = `/proc/${pid}/fd`;
  const targets = readdirSync(folder).map((descriptor) => {
    try {
      return readlinkSync(join(folder, descriptor));
    } catch {
      // Closed in the meantime.
      return '';
    }
  });
  const sockets = targets.filter((target) => target.startsWith('socket:')).length;
  return { sockets, files: targets.filter((target) => target !== '').length - sockets };
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
