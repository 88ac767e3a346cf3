import type { CallFailure, Outage } from './destination-store';

interface Batch {
  failures: CallFailure[];
  written: Promise<Outage | undefined>;
}

/**
 * Writes the failures of a destination one after the other, and those that come meanwhile together. They all change one row: each by
 * itself would wait for it on a connection of its own, so that a destination that is down would leave none for anything else.
 */
export class FailureQueue {
  /** By destination: what gathers for the next write. */
  private readonly gathering = new Map<string, Batch>();
  /** By destination: the write that the next one waits for. */
  private readonly last = new Map<string, Promise<unknown>>();

  /** @param write is given at least one failure */
  constructor(
    private readonly write: (
      workspace: string,
      origin: string,
      failures: readonly CallFailure[],
    ) => Promise<Outage | undefined>,
  ) {}

  /**
   * Resolves once the failure is written.
   *
   * @returns the outage for which the destination is to be disabled, if it is: to one of those whose failures were written together
   * @throws what the write throws, to each of them
   */
  async add(workspace: string, origin: string, failure: CallFailure): Promise<Outage | undefined> {
    const key = JSON.stringify([workspace, origin]);
    const gathering = this.gathering.get(key);
    if (gathering === undefined) return this.begin(key, workspace, origin, failure);
    gathering.failures.push(failure);
    await gathering.written;
    return undefined;
  }

  private async begin(
    key: string,
    workspace: string,
    origin: string,
    failure: CallFailure,
  ): Promise<Outage | undefined> {
    const failures = [failure];
    const written = Promise.resolve(this.last.get(key)).then(() => {
      this.gathering.delete(key);
      return this.write(workspace, origin, failures);
    });
    this.gathering.set(key, { failures, written });
    // That it failed is for those to see whose failures it had, and not for the next write.
    const over = written.catch(() => undefined);
    this.last.set(key, over);
    try {
      return await written;
    } finally {
      if (this.last.get(key) === over) this.last.delete(key);
    }
  }
}
