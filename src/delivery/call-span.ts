import type { Span, Tracer } from '../tracing/tracing';
import { parseUrl } from '../shared/parse-url';
import type { CallResult } from './call-result';

/** What a span tells of a request. */
export interface TracedCall {
  url: string;
  method?: string | undefined;
  /** The span that it is part of: W3C Trace Context. Absent: it is not traced. */
  traceparent?: string | undefined;
}

/** Begins the span of one request, in the words of OpenTelemetry's conventions for HTTP clients; undefined: none. */
export function beginCallSpan(tracer: Tracer | undefined, call: TracedCall): Span | undefined {
  const { url, method = 'POST', traceparent: parent } = call;
  if (tracer === undefined || parent === undefined) return undefined;
  const { origin, pathname, hostname, port, protocol } = parseUrl(url) ?? {};
  return tracer.begin(method, {
    kind: 'client',
    parent,
    attributes: {
      'http.request.method': method,
      // A user, a password and a query may be secret.
      'url.full': origin && `${origin}${pathname}`,
      'server.address': hostname,
      'server.port': port ? Number(port) : protocol === 'http:' ? 80 : 443,
    },
  });
}

/** Ends it as the call ended: what is no 20x has failed. */
export function endCallSpan(span: Span, result: CallResult): void {
  if (result.delivered) {
    span.end({ 'http.response.status_code': result.attempt.response.status });
    return;
  }
  const { status, error } = result.attempt;
  span.end(
    { 'http.response.status_code': status, 'error.type': status === undefined ? '_OTHER' : String(status) },
    error,
  );
}
