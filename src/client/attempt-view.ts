import { requestBody, type WebhookRequest } from '../delivery/request-body';
import type { AttemptFailure } from '../shared/attempt-failure';
import type { CallPhases, DeliveredAttempt, KeptResponse } from '../shared/called-webhook';
import { displayUrl } from '../shared/display';
import type { ExecutionAttempt } from './executions';

/** How much of a request's body is shown: those of a long chain are megabytes, and each of 100 attempts has one. Characters. */
const MAX_SHOWN_BODY = 65_536;

/** An attempt whose record is there, as people are shown it. */
export function attemptView(
  attempt: DeliveredAttempt | AttemptFailure,
  request: WebhookRequest,
): ExecutionAttempt {
  const delivered = 'response' in attempt;
  return {
    number: request.retries + 1,
    url: attempt.url === undefined ? null : displayUrl(attempt.url),
    // Without a time no call was made.
    request: attempt.startedAt === undefined ? null : requestView(attempt, request),
    started_at: attempt.startedAt ?? null,
    duration_ms: attempt.durationMs ?? null,
    status: (delivered ? attempt.response.status : attempt.status) ?? null,
    error: delivered ? null : attempt.error,
    response: delivered ? responseView(attempt.response) : excerptView(attempt),
    timing: attempt.phases ? timingView(attempt.phases) : null,
  };
}

/** An attempt of which there is no record (yet). */
export function attemptWithoutRecord(retries: number, error: string | null): ExecutionAttempt {
  return {
    number: retries + 1,
    url: null,
    request: null,
    started_at: null,
    duration_ms: null,
    status: null,
    error,
    response: null,
    timing: null,
  };
}

function requestView(
  { request: shaped, sentHeaders }: Pick<AttemptFailure, 'request' | 'sentHeaders'>,
  request: WebhookRequest,
): ExecutionAttempt['request'] {
  const headers = sentHeaders ?? null;
  const { method = 'POST', body, truncated = false } = shaped ?? {};
  if (body !== undefined) return { method, headers, body, truncated };
  if (method === 'GET') return { method, headers, body: null, truncated };
  const sent = requestBody(request);
  return { method, headers, body: sent.slice(0, MAX_SHOWN_BODY), truncated: sent.length > MAX_SHOWN_BODY };
}

function timingView(phases: CallPhases): ExecutionAttempt['timing'] {
  const { dnsMs, connectMs, tlsMs, firstByteMs, bodyMs, reused = false } = phases;
  return {
    dns_ms: dnsMs ?? null,
    connect_ms: connectMs ?? null,
    tls_ms: tlsMs ?? null,
    first_byte_ms: firstByteMs ?? null,
    body_ms: bodyMs ?? null,
    reused_connection: reused,
  };
}

function responseView({ headers, body }: KeptResponse): ExecutionAttempt['response'] {
  const { kind, data, base64, truncated = false } = body;
  return kind === 'binary'
    ? { headers, body: data, encoding: 'base64', truncated }
    : {
        headers,
        body: base64 ? Buffer.from(data, 'base64').toString('utf8') : data,
        encoding: 'utf8',
        truncated,
      };
}

/** Of a failed answer only the beginning is kept. */
function excerptView(failure: AttemptFailure): ExecutionAttempt['response'] {
  const { status, headers = {}, excerpt = '' } = failure;
  if (status === undefined) return null;
  return { headers, body: excerpt, encoding: 'utf8', truncated: failure.truncated ?? false };
}
