import { parseArgs } from 'node:util';
import { readConfig } from './config';
import { runProgram, untilSignal, UsageError } from './program';

/** The service: takes events and executes rules until it is told to stop. */
void runProgram(async ({ print }) => {
  // From the beginning: a signal during the start must not leave anything behind.
  const signal = untilSignal();
  const config = readConfig(readArguments());
  // Loaded here because it takes a second or two, and a setting that is wrong needs none of it.
  const { startService } = await import('./service/start-service.js');
  const service = await startService(config, print);
  for (const line of service.about) print(line);
  if (service.firstAdminKey !== undefined && process.stdout.isTTY) {
    // Not where it would end up in a log.
    print(`Your first admin key, shown this once: ${service.firstAdminKey}`);
  }
  print('Ready. Ctrl-C stops it; what waits goes on at the next start.');
  await Promise.race([signal, service.ended]);
  print('Stopping: requests and calls that have begun are waited for ...');
  await service.stop();
  return 0;
});

/** @returns settings that go before those of the environment */
function readArguments(): Record<string, string> {
  try {
    const { values } = parseArgs({ options: { role: { type: 'string' } } });
    return values.role === undefined ? {} : { ROLE: values.role };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nusage: npm start [-- --role all|api|worker]`);
  }
}
