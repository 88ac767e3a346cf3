import { EXIT, type ExitCode } from './exit-codes';

/** Ends a command: the message, a line for each problem, is shown without a stack. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';

  constructor(
    readonly exitCode: ExitCode,
    message: string,
  ) {
    super(message);
  }
}

/** Something that the user gave us is wrong. */
export class BadInputError extends CommandError {
  override readonly name = 'BadInputError';

  constructor(message: string) {
    super(EXIT.badInput, message);
  }
}

/** The service cannot be reached, or says that it cannot do its work now. */
export class AwayError extends CommandError {
  override readonly name = 'AwayError';

  constructor(
    message: string,
    /** Nothing listens there: no request has left. */
    readonly nothingRuns = false,
  ) {
    super(EXIT.away, message);
  }
}
