import { join } from 'node:path';
import { DYNAMIC_CONFIG_ARGUMENTS } from '../../../../src/temporal/dev-server';
import { anyFreePort } from '../../../../src/temporal/free-port';
import { serverExecutable } from '../../../support/server-executable';
import { ProcessParty } from './process-party';

/** Temporal's dev server with a SQLite file, as durable as the embedded one, as a program of its own. */
export async function temporalServer(
  folder: string,
  logFile: string,
): Promise<{ party: ProcessParty; address: string }> {
  const executable = await serverExecutable('cli');
  const port = await anyFreePort();
  const pragmas = ['journal_mode=WAL', 'synchronous=FULL'].flatMap((pragma) => ['--sqlite-pragma', pragma]);
  const party = new ProcessParty({
    name: 'temporal',
    command: [
      ...[executable, 'server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)],
      ...[
        '--db-filename',
        join(folder, 'temporal.db'),
        ...pragmas,
        ...DYNAMIC_CONFIG_ARGUMENTS,
        '--log-level',
        'warn',
      ],
    ],
    environment: { PATH: process.env['PATH'] ?? '' },
    isReady: /Temporal Server:/,
    logFile,
  });
  return { party, address: `127.0.0.1:${port}` };
}
