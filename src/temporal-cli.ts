import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readConfig } from './config';
import { runProgram, UsageError } from './program';
import { findRunningTemporal } from './temporal/connection';
import { findServerExecutable } from './temporal/server-executable';

/** The Temporal CLI that this program found, pointed at the server that the service uses. */
void runProgram(async ({ warn }) => {
  const { temporal } = readConfig();
  const args = process.argv.slice(2);
  const running = await findRunningTemporal(temporal);
  const needsServer = !args.some((word) => ['--address', '--help', '-h', '--version', '-v'].includes(word));
  if (running === undefined && needsServer) {
    throw new UsageError(
      `nothing runs on ${temporal.dataFolder}: run "npm start" first, or set TEMPORAL_ADDRESS`,
    );
  }
  const executable = await findServerExecutable('cli', { ...temporal.executables, onProgress: warn });
  const target = running && {
    TEMPORAL_ADDRESS: running.server.address,
    TEMPORAL_NAMESPACE: running.namespace,
  };
  const child = spawn(executable, args, {
    stdio: 'inherit',
    env: { ...temporal.environment, ...target },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
});
