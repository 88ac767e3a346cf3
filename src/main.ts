import { readConfig } from './config';
import { runProgram, untilSignal } from './program';
import { startService } from './service';

/** The service: executes rules until it is told to stop. */
void runProgram(async ({ print, warn }) => {
  const service = await startService(readConfig(), { info: print, warn });
  for (const line of service.about) print(line);
  print('Ready. Ctrl-C stops it; what waits goes on at the next start.');
  await Promise.race([untilSignal(), service.ended]);
  print('Stopping: calls that have left are waited for ...');
  await service.stop();
  return 0;
});
