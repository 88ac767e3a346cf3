import { AwayError, CommandError } from './errors';
import { EXIT, exitCodeOfStatus } from './exit-codes';
import { cleanLine } from './text';

/** The API's `application/problem+json`. */
export interface ProblemBody {
  status: number;
  title: string;
  detail: string;
  request_id: string;
  errors: { path: string; message: string }[];
}

/** Says where the bad field stands that the API names by its path: in a file, or on the command line. */
export type Locate = (path: string) => string;

export const asItStands: Locate = (path) => path;

/** How many problems are spelt out. */
const MAX_LINES = 50;

/** An answer that is an error. */
export class ApiError extends CommandError {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(exitCodeOfStatus(status), message);
  }
}

/** A line for each problem, with its place. */
export function problemLines(
  problems: readonly { path: string; message: string }[],
  locate: Locate,
): string[] {
  const lines = problems.slice(0, MAX_LINES).map(({ path, message }) => {
    const place = locate(path);
    return cleanLine(place === '' ? message : `${place}: ${message}`);
  });
  return problems.length > MAX_LINES ? [...lines, `and ${problems.length - MAX_LINES} more`] : lines;
}

/** The error for an answer of the API. @param origin of the service, for one that is not the API's */
export function errorOf(status: number, text: string, origin: string, locate: Locate): CommandError {
  const problem = problemIn(text);
  if (problem === undefined) {
    if (exitCodeOfStatus(status) === EXIT.away) return new AwayError(`${origin}: answered ${status}`);
    return new ApiError(status, `${origin}: answered ${status}, and not as this API does`);
  }
  const { detail, title, errors = [], request_id } = problem;
  if (errors.length > 0) return new ApiError(status, problemLines(errors, locate).join('\n'));
  const place = exitCodeOfStatus(status) === EXIT.badInput ? locate('') : '';
  const said = cleanLine(detail ?? title ?? `answered ${status}`);
  const request = status === 500 && request_id !== undefined ? ` (request ${cleanLine(request_id)})` : '';
  const message = `${place === '' ? '' : `${place}: `}${said}${request}`;
  return exitCodeOfStatus(status) === EXIT.away ? new AwayError(message) : new ApiError(status, message);
}

function problemIn(text: string): Partial<ProblemBody> | undefined {
  try {
    const json = JSON.parse(text) as unknown;
    const isProblem = typeof json === 'object' && json !== null && 'status' in json && 'title' in json;
    return isProblem ? (json as Partial<ProblemBody>) : undefined;
  } catch {
    return undefined;
  }
}
