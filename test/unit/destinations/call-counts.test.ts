import { bucketOf, CallCounter, statisticsOf } from '../../../src/destinations/call-counts';

const call = (durationMs: number, startedAt = '2026-11-26T11:17:00.000Z') => ({
  url: 'https://hooks.example.com/x',
  startedAt,
  durationMs,
});

describe('counts of calls', () => {
  it('are gathered by destination, hour and about how long the calls took, until they are taken', () => {
    const counter = new CallCounter();
    counter.add('w', call(100), true);
    counter.add('w', call(101), false);
    counter.add('w', call(100, '2026-11-26T12:00:00.000Z'), true);
    const common = { workspace: 'w', origin: 'https://hooks.example.com', bucket: bucketOf(100) };
    expect(counter.take()).toEqual([
      { ...common, hour: '2026-11-26T11:00:00.000Z', delivered: 1, failed: 1 },
      { ...common, hour: '2026-11-26T12:00:00.000Z', delivered: 1, failed: 0 },
    ]);
    expect(counter.take()).toEqual([]);
  });

  it.each([0, 1, 3, 20, 150, 999, 5_000])('tell a latency of %d ms to within a fifth', (latency) => {
    const { latencyMs } = statisticsOf([{ bucket: bucketOf(latency), delivered: 1, failed: 0 }]);
    const off = Math.abs((latencyMs?.p50 ?? 0) - latency);
    expect(off).toBeLessThanOrEqual(Math.max(1, latency / 5));
  });

  it('give the share of calls that went well, and quantiles over all', () => {
    const statistics = statisticsOf([
      { bucket: bucketOf(4_096), delivered: 0, failed: 2 },
      { bucket: bucketOf(16), delivered: 90, failed: 0 },
      { bucket: bucketOf(256), delivered: 8, failed: 0 },
    ]);
    expect(statistics).toEqual({
      delivered: 98,
      failed: 2,
      successRate: 0.98,
      latencyMs: { p50: 16, p95: 256, p99: 4_096 },
    });
  });

  it('give no figures when there was no call', () => {
    expect(statisticsOf([])).toEqual({ delivered: 0, failed: 0, successRate: null, latencyMs: null });
  });
});
