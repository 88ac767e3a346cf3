import { Agent, request, type Dispatcher } from 'undici';
import type { CallTiming, DeliveredAttempt, FailedAttempt } from '../shared/called-webhook';
import {
  CALL_TIMEOUT_MS,
  MAX_FAILURE_EXCERPT,
  MAX_RESPONSE_BYTES,
  MAX_RESPONSE_HEADER_BYTES,
} from '../shared/limits';
import { guardedConnector, type Network } from './address-guard';
import { callError, statusError } from './call-error';
import { ACCEPTED_ENCODINGS, keptBody, readBody } from './response-body';
import { retryAfterMs } from './retry-after';

export interface WebhookCall {
  url: string;
  /** POST unless told. */
  method?: Dispatcher.HttpMethod | undefined;
  /** Beside our own, or in their place. Names have no case. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** JSON, unless the headers say otherwise. Absent: none. */
  body?: string | undefined;
  /** What a 20x answer over MAX_RESPONSE_BYTES is: a success that is kept in part, or a failure. */
  onOversize: 'truncate' | 'fail';
}

export type CallResult =
  { delivered: true; attempt: DeliveredAttempt } | { delivered: false; attempt: FailedAttempt };

export interface WebhookSender {
  /** Makes one call. Whatever the receiver or the network does is an answer, never an exception. */
  send(call: WebhookCall): Promise<CallResult>;
  close(): Promise<void>;
}

/**
 * The HTTP side of a delivery: one request, CALL_TIMEOUT_MS for all of it, redirects not followed, at most
 * MAX_RESPONSE_BYTES of the answer read, and none but public addresses and `allowedNetworks` called.
 */
export function createWebhookSender(settings: {
  allowedNetworks: readonly Network[];
  userAgent: string;
}): WebhookSender {
  const agent = new Agent({
    connect: guardedConnector(settings.allowedNetworks),
    maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
    // One clock for the whole call: the signal below.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const headers = { 'user-agent': settings.userAgent, 'accept-encoding': ACCEPTED_ENCODINGS };
  return {
    send: (call) => sendOnce(agent, headers, call),
    close: () => agent.close(),
  };
}

async function sendOnce(
  agent: Agent,
  headers: Record<string, string>,
  call: WebhookCall,
): Promise<CallResult> {
  const startedAt = Date.now();
  const timing = (): CallTiming => ({
    url: call.url,
    startedAt: new Date(startedAt).toISOString(),
    durationMs: Date.now() - startedAt,
  });
  const clock = AbortSignal.timeout(CALL_TIMEOUT_MS);
  const failure = (error: unknown) =>
    clock.aborted ? `timed out after ${CALL_TIMEOUT_MS / 1_000} s` : callError(error);
  try {
    const response = await before(
      clock,
      request(call.url, {
        dispatcher: agent,
        method: call.method ?? 'POST',
        headers: { ...headers, ...ownHeaders(call) },
        body: call.body ?? null,
        signal: clock,
      }),
    );
    return isSuccess(response.statusCode)
      ? await accepted(response, call.onOversize, timing)
      : await rejected(response, timing);
  } catch (error) {
    return { delivered: false, attempt: { ...timing(), error: failure(error) } };
  }
}

function ownHeaders({ headers = {}, body }: WebhookCall): Record<string, string> {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { ...(body !== undefined && { 'content-type': 'application/json' }), ...Object.fromEntries(own) };
}

/** undici heeds a signal only once it is connected; looking up the name and connecting count as well. */
async function before<T>(clock: AbortSignal, work: Promise<T>): Promise<T> {
  // When the clock is first, undici lets the connection go without sending; nobody waits for that.
  work.catch(() => undefined);
  const passed = new Promise<never>((_resolve, reject) => {
    clock.addEventListener('abort', () => {
      reject(new Error('time is up'));
    });
  });
  return Promise.race([work, passed]);
}

/** Contract: 20x alone is a success. */
function isSuccess(status: number): boolean {
  return status >= 200 && status <= 209;
}

async function accepted(
  { statusCode: status, headers: rawHeaders, body }: Dispatcher.ResponseData,
  onOversize: WebhookCall['onOversize'],
  timing: () => CallTiming,
): Promise<CallResult> {
  const headers = keptHeaders(rawHeaders);
  const { bytes, truncated } = await readBody(body, headers['content-encoding'], MAX_RESPONSE_BYTES);
  if (truncated && onOversize === 'fail') {
    const error = `the response is larger than ${MAX_RESPONSE_BYTES / 1_024} KB`;
    return { delivered: false, attempt: { ...timing(), error, ...failedAnswer(status, headers, bytes) } };
  }
  return {
    delivered: true,
    attempt: { ...timing(), response: { status, headers, body: keptBody(bytes, truncated) } },
  };
}

async function rejected(
  { statusCode: status, headers: rawHeaders, body }: Dispatcher.ResponseData,
  timing: () => CallTiming,
): Promise<CallResult> {
  const headers = keptHeaders(rawHeaders);
  // The status decides; a body that does not come to its end only leaves less to look at.
  const bytes = await readBody(body, headers['content-encoding'], MAX_RESPONSE_BYTES).then(
    (read) => read.bytes,
    () => Buffer.alloc(0),
  );
  const retryAfter = retryAfterMs(headers['retry-after'], Date.now());
  return {
    delivered: false,
    attempt: {
      ...timing(),
      error: statusError(status),
      ...failedAnswer(status, headers, bytes),
      ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
    },
  };
}

/** Not kept: cookies, which are secrets between the receiver and a client, and what concerns the connection alone. */
const NOT_KEPT = new Set(['set-cookie', 'connection', 'keep-alive', 'transfer-encoding']);

function keptHeaders(raw: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(raw)
      .filter(([name, value]) => !NOT_KEPT.has(name) && value !== undefined)
      .map(([name, value]) => [name, String(Array.isArray(value) ? value.join(', ') : value)]),
  );
}

/** What people may want to read of a failed answer, small enough to be kept for every retry. */
function failedAnswer(
  status: number,
  headers: Record<string, string>,
  bytes: Buffer,
): Pick<FailedAttempt, 'status' | 'headers' | 'excerpt' | 'truncated'> {
  const text = bytes.toString('utf8');
  const excerpt = fitting(text);
  return {
    status,
    headers: fittingHeaders(headers),
    ...(excerpt !== '' && { excerpt }),
    ...(excerpt.length < text.length && { truncated: true }),
  };
}

/** The beginning of a text that takes at most MAX_FAILURE_EXCERPT bytes in JSON, where one may become six. */
function fitting(text: string): string {
  let part = text.slice(0, MAX_FAILURE_EXCERPT);
  while (jsonBytes(part) > MAX_FAILURE_EXCERPT) part = part.slice(0, part.length / 2);
  return part;
}

function fittingHeaders(headers: Record<string, string>): Record<string, string> {
  let room = MAX_FAILURE_EXCERPT;
  return Object.fromEntries(Object.entries(headers).filter((header) => (room -= jsonBytes(header)) >= 0));
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
