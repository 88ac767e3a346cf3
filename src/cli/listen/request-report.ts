import type { IncomingHttpHeaders } from 'node:http';
import { prettyJson } from '../json-text';
import type { Colors } from '../table';
import { cleanLine, cleanLines } from '../text';

/** A request that came in. */
export interface ReceivedRequest {
  /** ISO 8601, UTC. */
  at: string;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** How many bytes came beyond those that were kept. */
  dropped: number;
  /** What it was answered with. */
  status: number;
}

/** Headers that say nothing about the sender: every request has them. */
const DULL = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'sec-fetch-mode',
  'te',
  'transfer-encoding',
]);

/** A request as lines for people. */
export function requestLines(request: ReceivedRequest, colors: Colors): string[] {
  const { at, method, path, status, headers, dropped } = request;
  const retry = retriesOf(request);
  const answered = status < 300 ? colors.green(String(status)) : colors.red(String(status));
  const head = `${at}  ${colors.bold(cleanLine(`${method} ${path}`))}${retry === undefined ? '' : colors.yellow(`  retry ${retry}`)}  → ${answered}`;
  const shownHeaders = Object.entries(headers)
    .filter(([name]) => !DULL.has(name))
    .map(([name, value]) => colors.dim(`  ${cleanLine(`${name}: ${headerText(name, value)}`)}`));
  const more = dropped === 0 ? [] : [colors.dim(`  … and ${dropped} bytes more`)];
  return [head, ...shownHeaders, ...bodyLines(request), ...more];
}

/** The same as one JSON value. A body that is no UTF-8 is base64. */
export function requestJson(request: ReceivedRequest): unknown {
  const { at, method, path, headers, body, dropped, status } = request;
  const text = textOf(body);
  return {
    at,
    method,
    path,
    headers,
    // As text: as a value, its numbers of 64 bits would not survive.
    body: text ?? body.toString('base64'),
    encoding: text === undefined ? 'base64' : 'utf8',
    truncated: dropped > 0,
    retries: retriesOf(request) ?? 0,
    answered: status,
  };
}

/** Which retry of its step it is; undefined: it is a first call. */
function retriesOf({ body }: ReceivedRequest): number | undefined {
  try {
    const { retries } = JSON.parse(body.toString()) as { retries?: unknown };
    return typeof retries === 'number' && retries > 0 ? retries : undefined;
  } catch {
    return undefined;
  }
}

function headerText(name: string, value: string | string[] | undefined): string {
  const text = Array.isArray(value) ? value.join(', ') : (value ?? '');
  // Enough to tell keys apart, too little to use one that stands on a shared screen.
  if (!/^(authorization|cookie|proxy-authorization|x-api-key)$/.test(name) || text.length <= 16) return text;
  return `${text.slice(0, 12)}… (${text.length} characters)`;
}

function bodyLines({ body }: ReceivedRequest): string[] {
  if (body.length === 0) return [];
  const text = textOf(body);
  if (text === undefined) return [`  (${body.length} bytes that are no text)`];
  const lines = cleanLines(prettyJson(text) ?? text).trimEnd();
  return lines.split('\n').map((line) => `  ${line}`);
}

function textOf(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}
