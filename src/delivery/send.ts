import type { CallTiming } from '../shared/called-webhook';
import { CALL_TIMEOUT_MS } from '../shared/limits';
import { callError, CallRefused } from './call-error';
import { callResult, type CallResult } from './call-result';
import { CallTrace } from './call-trace';
import type { Egress } from './egress';
import type { HttpRequest } from './http/connection';
import { ConnectionPool } from './http/connection-pool';
import { MASKED, maskOf, type Mask } from './mask';
import { ACCEPTED_ENCODINGS } from './response-body';
import { Connectors, type ConnectionOwner } from './connectors';

export type { CallResult };

export interface WebhookCall extends ConnectionOwner {
  url: string;
  /** POST unless told. */
  method?: string | undefined;
  /** Beside our own, or in their place. Names have no case. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** JSON, unless the headers say otherwise. Absent: none. */
  body?: string | undefined;
  /** What a 20x answer over MAX_RESPONSE_BYTES is: a success that is kept in part, or a failure. */
  onOversize: 'truncate' | 'fail';
  /** What is masked in all that is kept of the answer, and in errors; unless it is too short to be a secret. */
  secrets?: readonly string[] | undefined;
  /** Headers whose values are kept nowhere. Names in lower case. */
  secretHeaders?: readonly string[] | undefined;
  /** For all of it: at most CALL_TIMEOUT_MS, and that unless told. Milliseconds. */
  timeoutMs?: number | undefined;
}

export interface WebhookSender {
  /** Makes one call. Whatever the receiver or the network does is an answer, never an exception. */
  send(call: WebhookCall): Promise<CallResult>;
  /** Waits for the calls that are under way. */
  close(): Promise<void>;
}

/**
 * The HTTP side of a delivery: one request, CALL_TIMEOUT_MS for all of it, redirects not followed, at most
 * MAX_RESPONSE_BYTES of the answer read, and nothing called that `egress` does not let out.
 */
export function createWebhookSender(settings: { egress: Egress; userAgent: string }): WebhookSender {
  const pool = new ConnectionPool();
  const connectors = new Connectors(settings.egress);
  const headers = { 'user-agent': settings.userAgent, 'accept-encoding': ACCEPTED_ENCODINGS };
  return {
    send: (call) =>
      sendOnce(call, headers, settings.egress, async (origin, request) => {
        const { connect, key } = connectors.of(call);
        return pool.send({ origin, connect }, key, request);
      }),
    close: () => pool.close(),
  };
}

async function sendOnce(
  call: WebhookCall,
  commonHeaders: Record<string, string>,
  egress: Pick<Egress, 'refusal'>,
  send: (origin: URL, request: HttpRequest) => ReturnType<ConnectionPool['send']>,
): Promise<CallResult> {
  const startedAt = Date.now();
  const mask = maskOf(call.secrets ?? []);
  const trace = new CallTrace();
  const headers = { ...commonHeaders, ...ownHeaders(call) };
  const timing = (): CallTiming => {
    const phases = trace.phases();
    return {
      url: call.url,
      startedAt: new Date(startedAt).toISOString(),
      durationMs: Date.now() - startedAt,
      ...(phases && { phases, sentHeaders: shown(headers, mask, call.secretHeaders) }),
    };
  };
  const timeoutMs = Math.ceil(Math.max(0, Math.min(call.timeoutMs ?? CALL_TIMEOUT_MS, CALL_TIMEOUT_MS)));
  const clock = AbortSignal.timeout(timeoutMs);
  const failure = (error: unknown) =>
    clock.aborted ? `timed out after ${Math.round(timeoutMs / 100) / 10} s` : mask.text(callError(error));
  try {
    const refused = egress.refusal(call.url);
    if (refused !== undefined) throw new CallRefused(refused);
    const url = new URL(call.url);
    const request: HttpRequest = {
      method: call.method ?? 'POST',
      path: url.pathname + url.search,
      headers,
      body: call.body,
      signal: clock,
      onConnected: (phases) => {
        trace.connected(phases);
      },
    };
    const response = await before(clock, send(url, request));
    trace.answered();
    return await callResult(response, { onOversize: call.onOversize, mask, timing });
  } catch (error) {
    return { delivered: false, attempt: { ...timing(), error: failure(error) } };
  }
}

function ownHeaders({ headers = {}, body }: WebhookCall): Record<string, string> {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { ...(body !== undefined && { 'content-type': 'application/json' }), ...Object.fromEntries(own) };
}

/** What people may see of the headers that were sent. */
function shown(
  headers: Record<string, string>,
  mask: Mask,
  secret: readonly string[] = [],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secret.includes(name) ? MASKED : mask.text(value)]),
  );
}

/** A connection that is being made heeds no signal; looking up the name and connecting count as well. */
async function before<T>(clock: AbortSignal, work: Promise<T>): Promise<T> {
  // When the clock is first, the connection that comes too late is for another call; nobody waits for that.
  work.catch(() => undefined);
  const passed = new Promise<never>((_resolve, reject) => {
    clock.addEventListener('abort', () => {
      reject(new Error('time is up'));
    });
  });
  return Promise.race([work, passed]);
}
