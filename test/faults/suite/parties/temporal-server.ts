import { homedir } from 'node:os';
import { join } from 'node:path';
import { FAIRNESS_ARGUMENTS } from '../../../../src/temporal/dev-server';
import { anyFreePort } from '../../../../src/temporal/free-port';
import { findServerExecutable } from '../../../../src/temporal/server-executable';
import { ProcessParty } from './process-party';

/** Temporal's dev server with a SQLite file, as durable as the embedded one, as a program of its own. */
export async function temporalServer(
  folder: string,
  logFile: string,
): Promise<{ party: ProcessParty; address: string }> {
  const { TEMPORAL_CLI_PATH, PATH = '', XDG_CACHE_HOME = '' } = process.env;
  const executable = await findServerExecutable('cli', {
    cliPath: TEMPORAL_CLI_PATH,
    searchPath: PATH,
    // An empty variable counts as unset.
    cacheHome: XDG_CACHE_HOME === '' ? join(homedir(), '.cache') : XDG_CACHE_HOME,
  });
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
        ...FAIRNESS_ARGUMENTS,
        '--log-level',
        'warn',
      ],
    ],
    environment: { PATH },
    isReady: /Temporal Server:/,
    logFile,
  });
  return { party, address: `127.0.0.1:${port}` };
}
