/** How often a silent stream says that it is alive: proxies give up after 30 to 60 s. Milliseconds. */
const HEARTBEAT_MS = 15_000;

/**
 * Turns values into server-sent events, one `data:` of JSON each, with a comment at once and whenever nothing has come
 * for a while. Ends with the values, or when `signal` is aborted.
 *
 * @throws what the values end with, unless `signal` is aborted
 */
export async function* eventStream(
  values: AsyncIterator<unknown>,
  signal: AbortSignal,
  heartbeatMs = HEARTBEAT_MS,
): AsyncGenerator<string> {
  yield ': following\n\n';
  let next = nextOf(values);
  while (!signal.aborted) {
    const result = await firstOf(next, heartbeatMs, signal);
    if (result === 'silence') yield ': still here\n\n';
    else if (result === 'aborted' || result.done === true) return;
    else {
      yield `data: ${JSON.stringify(result.value)}\n\n`;
      next = nextOf(values);
    }
  }
}

/** One that fails after nobody waits for it any more is no error. */
function nextOf(values: AsyncIterator<unknown>): Promise<IteratorResult<unknown>> {
  const next = values.next();
  next.catch(() => undefined);
  return next;
}

async function firstOf<T>(
  next: Promise<T>,
  silenceMs: number,
  signal: AbortSignal,
): Promise<T | 'silence' | 'aborted'> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  try {
    return await Promise.race([
      next.catch((error: unknown) => {
        if (signal.aborted) return 'aborted' as const;
        throw error;
      }),
      new Promise<'silence'>((resolve) => (timer = setTimeout(resolve, silenceMs, 'silence'))),
      new Promise<'aborted'>((resolve) => {
        onAbort = () => {
          resolve('aborted');
        };
        if (signal.aborted) onAbort();
        signal.addEventListener('abort', onAbort, { once: true });
      }),
    ]);
  } finally {
    clearTimeout(timer);
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
