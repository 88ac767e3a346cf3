/** With what the command line ends. Scripts go by these: none is ever given another meaning. */
export const EXIT = {
  done: 0,
  failed: 1,
  badInput: 2,
  noMatch: 3,
  notFound: 4,
  refused: 5,
  conflict: 6,
  away: 7,
  interrupted: 130,
  brokenPipe: 141,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each of them tells, for people: shown by `--help`, and in README.md. */
export const EXIT_CODES: readonly { code: ExitCode; meaning: string }[] = [
  { code: EXIT.done, meaning: 'done; of what was followed: all delivered' },
  {
    code: EXIT.failed,
    meaning:
      'an execution was escalated, cancelled, abandoned or is no longer followed; or an unexpected error',
  },
  {
    code: EXIT.badInput,
    meaning: 'bad input or settings: each problem is printed with its path, and nothing was done',
  },
  { code: EXIT.noMatch, meaning: 'no rule matched' },
  { code: EXIT.notFound, meaning: 'there is no such thing' },
  { code: EXIT.refused, meaning: 'refused: the key is not valid, or its role may not do this' },
  { code: EXIT.conflict, meaning: 'conflict: it exists already, is in use, or was changed by somebody else' },
  { code: EXIT.away, meaning: 'the service or Temporal is away, or asks to come back later' },
  { code: EXIT.interrupted, meaning: 'ended by Ctrl-C' },
];

/** The exit code for the status of an answer that is an error. */
export function exitCodeOfStatus(status: number): ExitCode {
  switch (status) {
    case 400:
    case 413:
    case 415:
    case 422:
      return EXIT.badInput;
    case 401:
    case 403:
      return EXIT.refused;
    case 404:
      return EXIT.notFound;
    case 409:
    case 412:
      return EXIT.conflict;
    // Also those by which a proxy says that the service behind it is not there.
    case 429:
    case 502:
    case 503:
    case 504:
      return EXIT.away;
    default:
      return EXIT.failed;
  }
}
