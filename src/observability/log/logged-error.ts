/** What the log has of an error. */
export interface LoggedError {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: unknown;
}

/**
 * An error without what it carries besides: the details of a failed attempt have a URL with its query, headers, and what the
 * receiver answered; those of a database, values.
 */
export function loggedError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const logged: LoggedError = {
    type: name,
    message,
    ...(code !== undefined && { code }),
    ...(stack !== undefined && { stack }),
    ...(cause !== undefined && { cause: loggedError(cause) }),
  };
  return logged;
}
