import type { Config } from '../config';
import { NO_METRICS, type Metrics } from '../observability/metrics/metrics';
import { anyFreePort } from '../temporal/free-port';
import type { Part } from './part';

/** Others may take a port between the look whether it is free and its use. */
const TRIES = 3;

type InstallRuntime = (metricsAddress?: string) => void;

/**
 * Sets up the SDK's runtime, and with METRICS_PORT counts what this process does and serves it. Before all others, so that
 * nothing is missed and a port that is taken is told at once; it is the last to stop.
 *
 * @param installRuntime with the address at which the SDK is to serve its own metrics, if it is
 * @throws MetricsSetupError
 */
export async function startMetricsPart(
  { metrics: settings }: Config,
  installRuntime: InstallRuntime,
): Promise<Part & { metrics: Metrics }> {
  if (settings === undefined) {
    installRuntime();
    return { about: [], metrics: NO_METRICS, stop: async () => undefined };
  }
  // Where they are off, their libraries are not even loaded.
  const { startMetrics } = await import('../observability/metrics/start-metrics.js');
  const sdkAddress = await installMeasuredRuntime(installRuntime);
  const { server, ...metrics } = await startMetrics({ ...settings, sdkAddress });
  return { about: [`Metrics: ${server.url}`], metrics, stop: () => server.close() };
}

/** @returns where the SDK's exporter listens: on loopback, whatever METRICS_HOST is */
async function installMeasuredRuntime(installRuntime: InstallRuntime): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    const address = `127.0.0.1:${await anyFreePort()}`;
    try {
      installRuntime(address);
      return address;
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}
