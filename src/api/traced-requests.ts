import type { ApiApp } from './app';
import type { Tracer } from '../tracing/tracing';

/** Server errors alone are the span's: a sender's mistake is its own. OpenTelemetry's convention for HTTP servers. */
const FIRST_SERVER_ERROR = 500;

/** Makes spans of the requests of `traced` routes: parts of the sender's trace, or the beginning of one. */
export function traceRequests(app: ApiApp, tracer: Tracer | undefined): void {
  app.decorateRequest('span', undefined);
  if (tracer === undefined) return;
  app.addHook('onRequest', async (request) => {
    const { routeOptions, method, headers, protocol } = request;
    if (routeOptions.config.traced !== true) return;
    request.span = tracer.begin(`${method} ${routeOptions.url ?? ''}`, {
      kind: 'server',
      parent: [headers['traceparent']].flat()[0],
      attributes: {
        'http.request.method': method,
        'http.route': routeOptions.url,
        'url.scheme': protocol,
        // Without a query, which is nobody's business.
        'url.path': request.url.replace(/\?.*$/s, ''),
        'rule_webhooks.workspace.id': request.caller?.workspace,
      },
    });
  });
  app.addHook('onResponse', async ({ span }, { statusCode }) => {
    const isOurs = statusCode >= FIRST_SERVER_ERROR;
    span?.end(
      { 'http.response.status_code': statusCode, 'error.type': isOurs ? String(statusCode) : undefined },
      isOurs ? String(statusCode) : undefined,
    );
  });
}
