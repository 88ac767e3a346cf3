import { MAX_CALL_COUNTS } from '../shared/limits';

/** Calls to a destination within an hour that took about as long. */
export interface CallCount {
  workspace: string;
  origin: string;
  /** Its beginning. ISO 8601, UTC. */
  hour: string;
  /** See `bucketOf`. */
  bucket: number;
  delivered: number;
  failed: number;
}

/** How calls went. Lengths of time: milliseconds, to within a fifth; null when there was no call. */
export interface CallStatistics {
  delivered: number;
  failed: number;
  /** From 0 to 1; null when there was no call. */
  successRate: number | null;
  latencyMs: { p50: number; p95: number; p99: number } | null;
}

/** Two buckets for each doubling: few rows, and no figure further off than a fifth. */
const PER_DOUBLING = 2;

export const MS_PER_HOUR = 3_600_000;

/** The beginning of the earliest of the latest whole hours, this one included. ISO 8601, UTC. */
export function beginningOfHours(hours: number): string {
  const thisHour = Math.floor(Date.now() / MS_PER_HOUR);
  return new Date((thisHour - hours + 1) * MS_PER_HOUR).toISOString();
}

export function bucketOf(durationMs: number): number {
  return Math.round(PER_DOUBLING * Math.log2(Math.max(1, durationMs)));
}

export function statisticsOf(
  counts: readonly Pick<CallCount, 'bucket' | 'delivered' | 'failed'>[],
): CallStatistics {
  const delivered = counts.reduce((sum, each) => sum + each.delivered, 0);
  const failed = counts.reduce((sum, each) => sum + each.failed, 0);
  const total = delivered + failed;
  if (total === 0) return { delivered, failed, successRate: null, latencyMs: null };
  const sorted = [...counts].sort((a, b) => a.bucket - b.bucket);
  const quantile = (share: number) => {
    let left = share * total;
    const found = sorted.find((each) => (left -= each.delivered + each.failed) <= 0) ?? sorted.at(-1);
    return Math.round(2 ** ((found?.bucket ?? 0) / PER_DOUBLING));
  };
  const latencyMs = { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) };
  return { delivered, failed, successRate: delivered / total, latencyMs };
}

/** Counts this process's calls in memory until they are taken. */
export class CallCounter {
  private counts = new Map<string, CallCount>();

  add(
    workspace: string,
    { url, startedAt, durationMs }: { url: string; startedAt: string; durationMs: number },
    delivered: boolean,
  ): void {
    const { origin } = new URL(url);
    const bucket = bucketOf(durationMs);
    const begun = Date.parse(startedAt);
    const hour = new Date(begun - (begun % MS_PER_HOUR)).toISOString();
    const key = [workspace, origin, hour, bucket].join(' ');
    const count = this.counts.get(key) ?? { workspace, origin, hour, bucket, delivered: 0, failed: 0 };
    if (delivered) count.delivered += 1;
    else count.failed += 1;
    if (this.counts.size < MAX_CALL_COUNTS || this.counts.has(key)) this.counts.set(key, count);
  }

  /** What was counted since the last time, in an order that is the same in all processes. */
  take(): CallCount[] {
    const taken = [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
    this.counts = new Map();
    return taken;
  }
}
