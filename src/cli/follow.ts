import { setTimeout as delay } from 'node:timers/promises';
import type { Cli } from './cli';
import { AwayError, CommandError } from './errors';
import { EXIT } from './exit-codes';
import { apiPath, type ApiClient } from './http';
import { ApiError } from './problem';
import { isDelivered, progressLine, type ProgressEvent } from './progress-line';

/** Before a stream that was cut off is asked for again: time for a service to be restarted. Milliseconds. */
const RECONNECT_DELAYS_MS: readonly number[] = [500, 1_000, 2_000, 4_000, 8_000, 16_000];
/** A stream that held for so long begins a new count. Milliseconds. */
const STABLE_MS = 10_000;
/** How many executions are followed at the same time, each over a connection of its own. */
const MAX_AT_ONCE = 100;

export interface Followed {
  executionId: string;
  /** Tells it from those beside it. */
  who: string;
}

/** What happens in an execution, from its beginning to its end. */
async function* progressOf(
  api: ApiClient,
  executionId: string,
  options: { signal: AbortSignal; delaysMs: readonly number[]; mayBeLate: boolean },
): AsyncGenerator<ProgressEvent> {
  let seen = 0;
  let failures = 0;
  for (;;) {
    const began = performance.now();
    let index = 0;
    try {
      for await (const event of api.stream(apiPath('executions', executionId, 'follow'))) {
        index += 1;
        // A stream begins at the beginning each time.
        if (index <= seen) continue;
        seen = index;
        failures = 0;
        yield event as ProgressEvent;
        if ((event as ProgressEvent).kind === 'ended') return;
      }
    } catch (error) {
      const isPassing =
        error instanceof AwayError ||
        (options.mayBeLate && error instanceof ApiError && error.status === 404);
      if (!isPassing || options.signal.aborted) throw error;
    }
    if (performance.now() - began > STABLE_MS) failures = 0;
    const wait = options.delaysMs[failures];
    if (wait === undefined) throw new AwayError('The service is away.');
    failures += 1;
    await delay(wait, undefined, { signal: options.signal });
  }
}

/**
 * Follows executions until each has ended, a line for each thing that happens.
 *
 * @param mayBeLate they are on their way, so one that is not found yet is waited for
 * @returns whether each of them was delivered; false also when following came to an end before they did
 */
export async function followAll(
  cli: Pick<Cli, 'out' | 'signal'>,
  api: ApiClient,
  executions: readonly Followed[],
  { mayBeLate = false, delaysMs = RECONNECT_DELAYS_MS } = {},
): Promise<boolean> {
  const width = Math.max(...executions.map(({ who }) => who.length));
  const left = [...executions];
  let allDelivered = true;
  const followOne = async ({ executionId, who }: Followed) => {
    let last: ProgressEvent | undefined;
    for await (last of progressOf(api, executionId, { signal: cli.signal, delaysMs, mayBeLate })) {
      if (cli.out.json) cli.out.item({ execution_id: executionId, ...last });
      else cli.out.print(progressLine(last, who.padEnd(width)));
    }
    allDelivered &&= isDelivered(last);
  };
  const followSome = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await followOne(next);
  };
  try {
    await Promise.all(Array.from({ length: Math.min(MAX_AT_ONCE, left.length) }, followSome));
    return allDelivered;
  } catch (error) {
    if (!cli.signal.aborted && !(error instanceof AwayError)) throw error;
    const why = error instanceof AwayError && !cli.signal.aborted ? `${error.message} ` : '';
    const message = `${why}No longer following. The executions go on wherever the service runs, or at its next start.`;
    if (cli.signal.aborted) {
      cli.out.note(message);
      throw error;
    }
    throw new CommandError(EXIT.failed, message);
  }
}
