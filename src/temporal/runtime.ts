import { DefaultLogger, makeTelemetryFilterString, Runtime, type Logger } from '@temporalio/worker';

/**
 * Sets up the SDK's runtime. To be called once, before anything connects.
 *
 * @param level what of the SDK's core is logged
 * @param logger to where; to stderr, as text, when absent
 * @param metricsAddress `host:port` where it serves its metrics for Prometheus, from the first connection on. Absent: it has none
 * @throws Error when the port is taken; it may be called again then
 */
export function installRuntime(
  level: 'INFO' | 'WARN' | 'ERROR',
  {
    logger = new DefaultLogger(level),
    metricsAddress,
  }: { logger?: Logger; metricsAddress?: string | undefined } = {},
): void {
  Runtime.install({
    logger,
    // Without it, the SDK's core writes to the terminal by itself.
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: level }), forward: {} },
      ...(metricsAddress !== undefined && { metrics: { prometheus: prometheusAt(metricsAddress) } }),
    },
    // Signals are ours: the SDK's own handlers would stop workers behind our back.
    shutdownSignals: [],
  });
}

/** Names and units as Prometheus has them. */
function prometheusAt(bindAddress: string) {
  return { bindAddress, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true };
}
