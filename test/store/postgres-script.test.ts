import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { canHavePostgres } from '../support/postgres';
import { temporaryFolder } from '../support/temporary-folder';

const SCRIPT = join(__dirname, '../../scripts/postgres.mjs');

(canHavePostgres() ? describe : describe.skip)('the throw-away PostgreSQL server', () => {
  it.each<[string, (child: ChildProcess) => void]>([
    ['is told to', (child) => child.kill('SIGTERM')],
    ['is killed', (child) => child.kill('SIGKILL')],
    ['has lost its parent', (child) => child.stdin?.end()],
  ])('is gone with all its files when its script %s', async (_how, end) => {
    const folder = temporaryFolder();
    // Run by root, the server is another user's.
    chmodSync(folder, 0o755);
    const child = spawn(process.execPath, [SCRIPT], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: folder },
    });
    const [connectionString] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const client = new Client({ connectionString });
    await client.connect();
    client.on('error', () => undefined);
    const ended = new Promise((resolve) => client.once('end', resolve));
    expect(readdirSync(folder)).toHaveLength(1);

    end(child);
    await ended;
    while (readdirSync(folder).length > 0) await delay(10);
    await expect(new Client({ connectionString }).connect()).rejects.toThrow('ECONNREFUSED');
  });
});
