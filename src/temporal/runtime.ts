import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

/**
 * Sets up the SDK's runtime. To be called once, before anything connects.
 *
 * @param level what of the SDK's own log is shown, on stderr
 */
export function installRuntime(level: 'WARN' | 'ERROR'): void {
  Runtime.install({
    logger: new DefaultLogger(level),
    // Without it, the SDK's core writes to the terminal by itself.
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: level }), forward: {} } },
    // Signals are ours: the SDK's own handlers would stop workers behind our back.
    shutdownSignals: [],
  });
}
