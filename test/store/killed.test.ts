import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Libsql from 'libsql';
import { openStore } from '../../src/store/open-store';
import { temporaryFolder } from '../support/temporary-folder';

/** Kills a writer in the midst of its work. @returns what it had been told is written */
async function killAWriter(dataFolder: string, afterLines: number): Promise<string[]> {
  const writer = spawn(process.execPath, [join(__dirname, '../support/store-writer.cjs'), dataFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === afterLines) writer.kill('SIGKILL');
  }
  if (writer.signalCode === null) await once(writer, 'exit');
  expect(writer.signalCode).toBe('SIGKILL');
  return acknowledged;
}

it('a SQLite store whose process is killed has every write that was acknowledged, and is sound', async () => {
  const dataFolder = temporaryFolder();
  const acknowledged: string[] = [];
  for (const afterLines of [1, 40, 73]) acknowledged.push(...(await killAWriter(dataFolder, afterLines)));

  const store = await openStore({ dataFolder });
  const missing: string[] = [];
  for (const line of acknowledged) {
    const [kind, id = ''] = line.split(' ');
    const isThere =
      kind === 'rule'
        ? (await store.rules.versions('default', id, { limit: 1 })).length === 1
        : (await store.events.matches('default', id, { offset: 0, limit: 1_000 })).length === 150;
    if (!isThere) missing.push(line);
  }
  expect(missing).toEqual([]);
  const { events } = await store.events.list('default', { limit: 10_000 });
  const matched = events.map(({ id }) => store.events.matches('default', id, { offset: 0, limit: 1_000 }));
  // What was not acknowledged is there with all of its matches, or not at all.
  expect(new Set((await Promise.all(matched)).map(({ length }) => length))).toEqual(new Set([150]));
  await store.close();

  const file = new Libsql(join(dataFolder, 'rule-webhooks.db'));
  expect(file.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  expect(file.prepare('pragma foreign_key_check').all()).toEqual([]);
  file.close();
});
