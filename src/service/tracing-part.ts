import type { Config } from '../config';
import type { Tracer } from '../tracing/tracing';
import type { Part } from './part';

/** Starts tracing, when it is set. OpenTelemetry's modules are loaded then alone: they take some megabytes. */
export async function startTracingPart(
  { tracing: settings }: Pick<Config, 'tracing'>,
  warn: (line: string) => void,
): Promise<(Part & { tracer: Tracer }) | undefined> {
  if (settings === undefined) return undefined;
  const { startOtlpTracing } = await import('../tracing/otlp-tracer.js');
  const tracing = startOtlpTracing(settings, warn);
  return { tracer: tracing.tracer, about: [`Traces: ${settings.url}`], stop: () => tracing.stop() };
}
