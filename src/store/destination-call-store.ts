import type { TimeSpan } from '../shared/time-parts';
import type { CallCount, CallStatistics } from '../destinations/call-counts';

export type HourlyCount = Pick<CallCount, 'hour' | 'bucket' | 'delivered' | 'failed'>;

/** How calls to destinations went, by the hour. */
export interface DestinationCalls {
  /** Adds to what is there, all or nothing. @param counts in the order of `CallCounter.take` */
  add(counts: readonly CallCount[]): Promise<void>;
  /** Of calls in the hours from `since` on, by the origin of each destination that had some. @param since ISO 8601, UTC */
  statistics(
    workspace: string,
    origins: readonly string[],
    since: string,
  ): Promise<ReadonlyMap<string, CallStatistics>>;
  /**
   * Of a workspace, or one destination of it, in each hour that begins in the span.
   *
   * @returns in no order
   */
  byHour(workspace: string, span: TimeSpan, origin?: string): Promise<HourlyCount[]>;
  /** Deletes those of hours that began before. @param before ISO 8601, UTC */
  purge(before: string): Promise<void>;
}
