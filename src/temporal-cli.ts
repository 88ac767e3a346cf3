import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readConfig } from './config';
import { runProgram, UsageError } from './program';
import { readTemporalConfiguration } from './temporal/configured-server';
import { findRunningDevServer } from './temporal/dev-server';
import { findServerExecutable } from './temporal/server-executable';

/** The Temporal CLI that this program found, pointed at the embedded server when that one is running. */
void runProgram(async ({ warn }) => {
  const { temporal } = readConfig();
  const executable = await findServerExecutable('cli', { ...temporal.executables, onProgress: warn });
  const configured = readTemporalConfiguration(temporal.environment).server !== undefined;
  const embedded = configured ? undefined : await findRunningDevServer(temporal.dataFolder);
  const args = process.argv.slice(2);
  const needsServer = !args.some((word) => ['--address', '--help', '-h', '--version', '-v'].includes(word));
  if (!configured && embedded === undefined && needsServer) {
    throw new UsageError(
      `nothing runs on ${temporal.dataFolder}: run "npm start" first, or set TEMPORAL_ADDRESS`,
    );
  }
  const address = embedded && { TEMPORAL_ADDRESS: embedded.address, TEMPORAL_NAMESPACE: embedded.namespace };
  const child = spawn(executable, args, {
    stdio: 'inherit',
    env: { ...temporal.environment, ...address },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
});
