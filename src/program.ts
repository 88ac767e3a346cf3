import { ApiSetupError } from './api/setup-error';
import { ConfigError } from './config';
import { MetricsSetupError } from './observability/metrics/setup-error';
import { RulebookError } from './rules/rulebook-error';
import { EncryptionKeyError } from './secrets/setup-error';
import { StoreSetupError } from './store/setup-error';
import { TemporalSetupError } from './temporal/setup-error';

/** Something that the user gave us is wrong: shown without a stack, exit code 2. */
export class UsageError extends Error {}

/** What the user can mend. */
const USERS_ERRORS = [
  UsageError,
  ConfigError,
  MetricsSetupError,
  RulebookError,
  StoreSetupError,
  EncryptionKeyError,
  TemporalSetupError,
  ApiSetupError,
];

/** Whether the user can mend it: its message says how, and a stack would tell nothing. */
export function isUsersError(error: unknown): error is Error {
  return USERS_ERRORS.some((kind) => error instanceof kind);
}

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
    const known = isUsersError(error);
    warn(known ? error.message : String((error as Error).stack ?? error));
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
