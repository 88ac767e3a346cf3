import type { ProcessShares } from './process-shares';

/** Milliseconds: while nothing changes, and while processes come or go. */
const BEAT_MS = { settled: 4_000, unsettled: 500 };

/**
 * Lets a process have its shares of limits from now on, as long as it runs. The first beats are over when it resolves,
 * whether or not they came through.
 *
 * @param isWithin whether the calls under way are no more than the shares allow
 * @returns how to give the shares back, when no call is under way any more
 */
export async function keepShares(
  shares: ProcessShares,
  isWithin: () => boolean,
  warn: (line: string) => void,
): Promise<() => Promise<void>> {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let hasFailed = false;
  let current = Promise.resolve();
  const beat = async () => {
    try {
      await shares.beat(isWithin);
      hasFailed = false;
    } catch (error) {
      if (!hasFailed) warn(`Limits of destinations cannot be divided among the processes: ${String(error)}`);
      hasFailed = true;
    }
  };
  const next = () => {
    if (isStopped) return;
    timer = setTimeout(
      () => {
        current = beat().then(next);
      },
      shares.isSettled && !hasFailed ? BEAT_MS.settled : BEAT_MS.unsettled,
    );
    timer.unref();
  };
  // The first one learns of the others, the second one tells them.
  await beat();
  await beat();
  next();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await current;
    await shares.leave().catch(() => undefined);
  };
}
