import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readConfig } from './config';
import { runProgram, UsageError } from './program';
import { findRunningCodec } from './service/running-codec';
import { findRunningTemporal } from './temporal/connection';
import { findServerExecutable } from './temporal/server-executable';

/** The Temporal CLI that this program found, pointed at the server that the service uses, and at its codec. */
void runProgram(async ({ warn }) => {
  const { temporal, dataFolder } = readConfig();
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
  // With another codec, this one's key would go there.
  const hasCodec =
    temporal.environment['TEMPORAL_CODEC_ENDPOINT'] !== undefined ||
    args.some((word) => word.startsWith('--codec-'));
  const codec = hasCodec ? undefined : await findRunningCodec(dataFolder);
  const decoding = codec && {
    TEMPORAL_CODEC_ENDPOINT: codec.endpoint,
    TEMPORAL_CODEC_AUTH: codec.authorization,
  };
  const child = spawn(executable, args, {
    stdio: 'inherit',
    // Not as arguments, which other users of the machine see.
    env: { ...temporal.environment, ...target, ...decoding },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
});
