import type { CallCount, CallStatistics } from '../destinations/call-counts';

/** How calls to destinations went, by the hour. */
export interface DestinationCalls {
  /** Adds to what is there, all or nothing. @param counts in the order of `CallCounter.take` */
  add(counts: readonly CallCount[]): Promise<void>;
  /** Of calls in the hours from `since` on. @param since ISO 8601, UTC */
  statistics(workspace: string, origin: string, since: string): Promise<CallStatistics>;
  /** Deletes those of hours that began before. @param before ISO 8601, UTC */
  purge(before: string): Promise<void>;
}
