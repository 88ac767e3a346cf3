import { RequestProblem } from './problem';
import { MAX_FAILED_SIGN_INS } from '../shared/limits';

/** Milliseconds. */
const WINDOW_MS = 60_000;

/** Addresses that are remembered at once. More come in no minute without a distributed attack, which no such limit stops. */
const MAX_ADDRESSES = 10_000;

/** Sign-ins that failed of late, by address. Counted in this process. */
export class FailedSignIns {
  private readonly failures = new Map<string, { since: number; count: number }>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number) {}

  /** @throws RequestProblem 429 when there were too many from this address */
  check(address: string): void {
    const failed = this.current(address);
    if (failed === undefined || failed.count < MAX_FAILED_SIGN_INS) return;
    const seconds = Math.ceil((failed.since + WINDOW_MS - this.now()) / 1_000);
    throw new RequestProblem('too-many-requests', 'Too many sign-ins from this address have failed.', {
      headers: { 'retry-after': String(seconds) },
    });
  }

  add(address: string): void {
    const failed = this.current(address) ?? { since: this.now(), count: 0 };
    this.failures.delete(address);
    this.failures.set(address, { ...failed, count: failed.count + 1 });
    const [oldest] = this.failures.keys();
    if (this.failures.size > MAX_ADDRESSES && oldest !== undefined) this.failures.delete(oldest);
  }

  private current(address: string) {
    const failed = this.failures.get(address);
    return failed !== undefined && failed.since + WINDOW_MS > this.now() ? failed : undefined;
  }
}
