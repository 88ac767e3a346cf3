import type { CallTiming, DeliveredAttempt, FailedAttempt } from '../shared/called-webhook';
import { MAX_FAILURE_EXCERPT, MAX_RESPONSE_BYTES } from '../shared/limits';
import { statusError } from './call-error';
import type { HttpResponse } from './http/connection';
import type { Mask } from './mask';
import { keptBody, readBody } from './response-body';
import { retryAfterMs } from './retry-after';

export type CallResult =
  { delivered: true; attempt: DeliveredAttempt } | { delivered: false; attempt: FailedAttempt };

/** How an answer is kept. */
export interface Keeping {
  /** What a 20x answer over MAX_RESPONSE_BYTES is: a success that is kept in part, or a failure. */
  onOversize: 'truncate' | 'fail';
  mask: Mask;
  /** As of now. */
  timing: () => CallTiming;
}

/**
 * Reads an answer, at most MAX_RESPONSE_BYTES of it, and makes of it what is kept.
 *
 * @throws what the body's stream threw, when the answer is a success
 */
export async function callResult(response: HttpResponse, keeping: Keeping): Promise<CallResult> {
  return isSuccess(response.status) ? accepted(response, keeping) : rejected(response, keeping);
}

/** Contract: 20x alone is a success. */
function isSuccess(status: number): boolean {
  return status >= 200 && status <= 209;
}

async function accepted(response: HttpResponse, keeping: Keeping): Promise<CallResult> {
  const { onOversize, mask, timing } = keeping;
  const { status } = response;
  const headers = keptHeaders(response.headers, mask);
  const { bytes, truncated } = await keptBytes(response, mask);
  if (truncated && onOversize === 'fail') {
    const error = `the response is larger than ${MAX_RESPONSE_BYTES / 1_024} KB`;
    return { delivered: false, attempt: { ...timing(), error, ...failedAnswer(status, headers, bytes) } };
  }
  return {
    delivered: true,
    attempt: { ...timing(), response: { status, headers, body: keptBody(bytes, truncated) } },
  };
}

async function rejected(response: HttpResponse, { mask, timing }: Keeping): Promise<CallResult> {
  const { status } = response;
  const headers = keptHeaders(response.headers, mask);
  // The status decides; a body that does not come to its end only leaves less to look at.
  const bytes = await keptBytes(response, mask).then(
    (read) => read.bytes,
    () => Buffer.alloc(0),
  );
  const retryAfter = retryAfterMs(one(response.headers['retry-after']), Date.now());
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

/** At most MAX_RESPONSE_BYTES, masked before they are cut, so that no part of a secret is left at the end. */
async function keptBytes(
  { headers, body }: HttpResponse,
  mask: Mask,
): Promise<{ bytes: Buffer; truncated: boolean }> {
  const read = await readBody(body, one(headers['content-encoding']), MAX_RESPONSE_BYTES + mask.longest);
  const masked = mask.bytes(read.bytes);
  const whole = read.truncated ? masked.subarray(0, masked.length - mask.longest) : masked;
  return {
    bytes: whole.subarray(0, MAX_RESPONSE_BYTES),
    truncated: read.truncated || read.bytes.length > MAX_RESPONSE_BYTES || whole.length > MAX_RESPONSE_BYTES,
  };
}

/** Not kept: cookies, which are secrets between the receiver and a client, and what concerns the connection alone. */
const NOT_KEPT = new Set(['set-cookie', 'connection', 'keep-alive', 'transfer-encoding']);

function keptHeaders(raw: HttpResponse['headers'], mask: Mask): Record<string, string> {
  return Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) => {
      const text = one(value);
      return NOT_KEPT.has(name) || text === undefined ? [] : [[mask.text(name), mask.text(text)]];
    }),
  );
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
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
