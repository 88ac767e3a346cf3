import { ConfigError } from './config';
import { RulebookError } from './store/rulebook-error';
import { TemporalSetupError } from './temporal/setup-error';

/** Something that the user gave us is wrong: shown without a stack, exit code 2. */
export class UsageError extends Error {}

export interface Terminal {
  print: (line: string) => void;
  warn: (line: string) => void;
}

/**
 * Runs a command of this package and ends the process with the exit code that `main` answers with; with 2 and the
 * message when what the user gave us is wrong, with 1 and the stack on any other error.
 */
export async function runProgram(main: (terminal: Terminal) => Promise<number>): Promise<void> {
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  const warn = (line: string) => void process.stderr.write(`${line}\n`);
  try {
    process.exitCode = await main({ print, warn });
  } catch (error) {
    const known = [UsageError, ConfigError, RulebookError, TemporalSetupError].some(
      (kind) => error instanceof kind,
    );
    warn(known ? (error as Error).message : String((error as Error).stack ?? error));
    process.exitCode = known ? 2 : 1;
  }
  // Nothing of ours is left running here; a connection that an unreachable peer holds open must not keep us.
  process.exit();
}

/** Resolves at the first SIGINT or SIGTERM. A second one ends the process at once. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
}
