import { hostname } from 'node:os';
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { loggedError } from './logged-error';

export type { Logger };

/** For what tells of its troubles in a sentence. */
export function warnTo(log: Logger): (line: string) => void {
  return (line) => {
    log.warn(line);
  };
}

/**
 * The log of a process: a line of JSON for each entry, on standard error. docs/logging.md has its fields.
 *
 * @param level the least that is written: `debug`, `info`, `warn`, `error` or `silent`
 */
export function createLog(
  { level, role }: { level: string; role: string },
  stream: DestinationStream = process.stderr,
): Logger {
  return pino(
    {
      level,
      base: { role, pid: process.pid, hostname: hostname() },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: loggedError },
    },
    stream,
  );
}
