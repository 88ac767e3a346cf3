import { EXIT, type ExitCode } from './exit-codes';

/** What ends a command before its time, and the exit code for it. */
export class Interruption {
  private readonly controller = new AbortController();
  /** Undefined while nothing has. */
  exitCode: ExitCode | undefined;

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The first signal ends the command in order; the second one ends the process at once. */
  listen(): void {
    process.once('SIGINT', () => {
      this.interrupt(EXIT.interrupted);
    });
    process.once('SIGTERM', () => {
      this.interrupt(EXIT.terminated);
    });
    for (const stream of [process.stdout, process.stderr]) {
      // Whoever read it has had enough (EPIPE): nothing that is still to be said has a listener.
      stream.on('error', () => {
        this.interrupt(EXIT.brokenPipe);
      });
    }
  }

  /** Leaves signals to the program that runs in this process. */
  leaveSignals(): void {
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
  }

  private interrupt(exitCode: ExitCode): void {
    this.exitCode ??= exitCode;
    this.controller.abort();
  }
}
