import {
  context,
  SpanKind as OtelKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span as OtelSpan,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import { ReportingExporter } from './reporting-exporter';
import { parseTraceparent, traceparentOf } from './traceparent';
import type { SpanKind, Tracer } from './tracing';
import { within } from '../shared/within';

/** Spans that wait for the collector; more are dropped. Each takes 1 to 2 KB. OpenTelemetry's default. */
const MAX_WAITING_SPANS = 2_048;

/** Spans that are handed over at once. OpenTelemetry's default. */
const BATCH = 512;

/** How long a span waits for others at most. OpenTelemetry's default is 5 s, longer than people wait for a trace. Milliseconds. */
const BATCH_DELAY_MS = 1_000;

/** Time for the collector to take a batch, with further tries. OpenTelemetry's default. Milliseconds. */
const EXPORT_TIMEOUT_MS = 10_000;

/** How long a process that ends waits for its last spans to be taken. Milliseconds. */
const FLUSH_TIMEOUT_MS = 3_000;

/** Where spans go, and whose they are. */
export interface TracingSettings {
  /** Takes OTLP over HTTP in JSON: `http://host:4318/v1/traces`. */
  url: string;
  /** Sent with it. Secret. */
  headers: Readonly<Record<string, string>>;
  serviceName: string;
  serviceVersion: string;
}

export interface Tracing {
  tracer: Tracer;
  /** Hands over what is left, for FLUSH_TIMEOUT_MS at most. Never throws. */
  stop(): Promise<void>;
}

const KINDS: Record<SpanKind, OtelKind> = {
  internal: OtelKind.INTERNAL,
  server: OtelKind.SERVER,
  client: OtelKind.CLIENT,
  producer: OtelKind.PRODUCER,
};

/**
 * Spans that OpenTelemetry's SDK hands to a collector, in batches and in the background: nothing waits for it, and while it
 * is away what is beyond MAX_WAITING_SPANS is dropped. A trace that its sender does not keep is not kept here either.
 *
 * @param warn told, now and then, that the collector takes nothing
 */
export function startOtlpTracing(settings: TracingSettings, warn: (line: string) => void): Tracing {
  const { url, headers, serviceName, serviceVersion } = settings;
  const exporter = new OTLPTraceExporter({
    url,
    headers,
    timeoutMillis: EXPORT_TIMEOUT_MS,
    // One at a time; at the end all that wait, beside the one that is under way.
    concurrencyLimit: MAX_WAITING_SPANS / BATCH + 1,
  });
  const processor = new BatchSpanProcessor(new ReportingExporter(exporter, url, warn), {
    maxQueueSize: MAX_WAITING_SPANS,
    maxExportBatchSize: BATCH,
    scheduledDelayMillis: BATCH_DELAY_MS,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS + 1_000,
  });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: serviceName,
      [ATTR_SERVICE_VERSION]: serviceVersion,
    }),
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('rule-webhooks', serviceVersion);
  return {
    tracer: {
      begin: (name, { kind = 'internal', parent, attributes = {} }) =>
        endable(tracer.startSpan(name, { kind: KINDS[kind], attributes }, contextOf(parent))),
    },
    stop: () => within(FLUSH_TIMEOUT_MS, provider.shutdown(), () => undefined).catch(() => undefined),
  };
}

function endable(span: OtelSpan): ReturnType<Tracer['begin']> {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: traceparentOf({ traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 }),
    end: (attributes = {}, error) => {
      span.setAttributes(attributes);
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
      span.end();
    },
  };
}

/** Nobody's span is current here: each says itself whose part it is. */
function contextOf(parent: string | undefined): Context {
  const root = context.active();
  const reference = parent === undefined ? undefined : parseTraceparent(parent);
  if (reference === undefined) return root;
  const { traceId, spanId, sampled } = reference;
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(root, { traceId, spanId, traceFlags, isRemote: true });
}
