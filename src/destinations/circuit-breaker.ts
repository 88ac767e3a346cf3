import { BREAKER_COOL_DOWN_MS, MAX_BREAKER_COOL_DOWN_MS } from '../shared/limits';

/** Whether a failed call looks like a host that is down or overrun, and not like a request that it does not like. */
export function looksDown({ status }: { status?: number | undefined }): boolean {
  return status === undefined || status >= 500 || status === 429;
}

/** How long a breaker stays open when it opens once more. @param trips how often it did before. Milliseconds */
export function coolDown(trips: number): number {
  return Math.min(MAX_BREAKER_COOL_DOWN_MS, BREAKER_COOL_DOWN_MS * 2 ** Math.min(trips, 20));
}
