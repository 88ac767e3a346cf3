import { problemLine } from './problems';
import type { Problem } from './problems';

export interface FileProblem extends Problem {
  /** The file as it was named to the program; absent when it came in otherwise. */
  file?: string | undefined;
}

/** How many problems the message spells out. */
const MAX_LINES = 20;

/** Rule documents that cannot be used. The message has a line for each problem: file, path, what is wrong. */
export class RulebookError extends Error {
  override readonly name = 'RulebookError';

  constructor(readonly problems: readonly FileProblem[]) {
    const more = problems.length - MAX_LINES;
    super(
      [
        ...problems
          .slice(0, MAX_LINES)
          .map((problem) => (problem.file === undefined ? '' : `${problem.file}: `) + problemLine(problem)),
        ...(more > 0 ? [`and ${more} more`] : []),
      ].join('\n'),
    );
  }
}

/** The error for a file or folder that the file system does not give. */
export function cannotBeRead(file: string, { message }: NodeJS.ErrnoException): RulebookError {
  return new RulebookError([{ file, path: '', message: `cannot be read: ${message}` }]);
}
