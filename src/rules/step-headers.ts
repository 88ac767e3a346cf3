import { z } from 'zod';
import { MAX_STEP_HEADERS, MAX_STEP_HEADER_BYTES } from '../shared/limits';

/** RFC 9110's token. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Visible ASCII with spaces between: RFC 9110's field value, less what receivers disagree on. */
const VALUE = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;

const CREDENTIALS = 'must not be set here: a rule is read by everybody, so credentials do not belong in it';
const CONNECTION = 'belongs to the connection, which is not for a rule to decide';
const MESSAGE = 'follows from the request, so it cannot be set';

const REFUSED: ReadonlyMap<string, string> = new Map([
  ...['authorization', 'proxy-authorization', 'cookie'].map((name) => [name, CREDENTIALS] as const),
  ...[
    'connection',
    'expect',
    'keep-alive',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
  ].map((name) => [name, CONNECTION] as const),
  ...['content-encoding', 'content-length', 'host'].map((name) => [name, MESSAGE] as const),
]);

/** Why no header may have this name, whoever sets it; undefined when it may. */
function whyNoName(name: string): string | undefined {
  if (!TOKEN.test(name)) return 'is not the name of a header';
  if (!name.toLowerCase().startsWith('webhook-')) return undefined;
  return 'is reserved: "webhook-" headers are those of the signature';
}

/** Why a credential may not stand in a header of this name; undefined when it may. */
export function whyNoCredentialHeader(name: string): string | undefined {
  const lower = name.toLowerCase();
  const reason = whyNoName(name) ?? REFUSED.get(lower);
  if (lower === 'proxy-authorization') return CONNECTION;
  if (reason === undefined && lower.startsWith('content-')) return MESSAGE;
  return reason === CREDENTIALS ? undefined : reason;
}

/** Why a header may not be set by a rule; undefined when it may. `earlier` has the names before it, in lower case. */
function whyRefused(name: string, value: string, earlier: ReadonlySet<string>): string | undefined {
  const lower = name.toLowerCase();
  const reason = whyNoName(name) ?? REFUSED.get(lower);
  if (reason !== undefined) return reason;
  if (earlier.has(lower)) return 'is there twice: names of headers have no case';
  return VALUE.test(value) ? undefined : 'must be one line of visible ASCII characters, at least one';
}

/** Headers that every request of a step carries: name to value. */
export const stepHeadersSchema = z.record(z.string(), z.string()).superRefine((headers, context) => {
  const entries = Object.entries(headers);
  const refuse = (path: string[], message: string) => {
    context.addIssue({ code: 'custom', path, message });
  };
  if (entries.length > MAX_STEP_HEADERS) refuse([], `must not be more than ${MAX_STEP_HEADERS} headers`);
  const bytes = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (bytes > MAX_STEP_HEADER_BYTES) {
    refuse([], `must not be longer than ${MAX_STEP_HEADER_BYTES} characters in all`);
  }
  const earlier = new Set<string>();
  for (const [name, value] of entries) {
    const reason = whyRefused(name, value, earlier);
    if (reason !== undefined) refuse([name], reason);
    earlier.add(name.toLowerCase());
  }
});
