/**
 * A program that hands spans to a collector, and prints what it was warned of and how long its end took. Its own, because
 * OpenTelemetry's exporter loads modules in a way that Jest does not know. Arguments: the collector's URL, how many spans, and
 * the `traceparent` of their parent if they have one.
 */
const { performance } = require('node:perf_hooks');
const { startOtlpTracing } = require('../../dist/tracing/otlp-tracer.js');

const [url, count, parent] = process.argv.slice(2);
const headers = { authorization: 'Bearer hush-hush' };
const warnings = [];

async function writeSpans() {
  const settings = { url, headers, serviceName: 'rules', serviceVersion: '1' };
  const tracing = startOtlpTracing(settings, (line) => warnings.push(line));
  tracing.tracer.begin('never ended', {});
  let traceparent;
  for (let nth = 0; nth < Number(count); nth += 1) {
    const span = tracing.tracer.begin('work', { parent, attributes: { size: 7, nothing: undefined } });
    span.end({ outcome: 'done' });
    ({ traceparent } = span);
  }
  const began = performance.now();
  await tracing.stop();
  const stopMs = performance.now() - began;
  console.log(JSON.stringify({ warnings, stopMs, traceparent }));
  process.exit();
}

void writeSpans();
