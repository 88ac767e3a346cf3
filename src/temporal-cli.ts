import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readConfig } from './config';
import { runProgram } from './program';
import { readTemporalConfiguration } from './temporal/configured-server';
import { findRunningDevServer } from './temporal/dev-server';
import { findServerExecutable } from './temporal/server-executable';

/** The Temporal CLI that this program found, pointed at the embedded server when that one is running. */
void runProgram(async ({ warn }) => {
  const { temporal } = readConfig();
  const executable = await findServerExecutable('cli', { ...temporal.executables, onProgress: warn });
  const configured = readTemporalConfiguration(temporal.environment).server !== undefined;
  const embedded = configured ? undefined : await findRunningDevServer(temporal.dataFolder);
  const address = embedded && { TEMPORAL_ADDRESS: embedded.address, TEMPORAL_NAMESPACE: embedded.namespace };
  const child = spawn(executable, process.argv.slice(2), {
    stdio: 'inherit',
    env: { ...temporal.environment, ...address },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
});
