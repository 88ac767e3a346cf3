import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { parseOrigins } from '../../../src/api/cross-origin';
import { BadInputError } from '../../../src/cli/errors';
import { prettyJson } from '../../../src/cli/json-text';
import { readScorecards } from '../../../src/cli/scorecard-file';
import { readScorecardCsv } from '../../../src/dashboard/pages/scorecards/scorecard-csv';
import { parseNetworks } from '../../../src/delivery/address-guard';
import { parseHostPatterns } from '../../../src/delivery/host-name';
import { retryAfterMs } from '../../../src/delivery/retry-after';
import { parseNoProxy } from '../../../src/destinations/no-proxy';
import { originSchema } from '../../../src/destinations/origin';
import { parseProxyUrl } from '../../../src/destinations/proxy-url';
import { parseMailbox } from '../../../src/mail/mailbox';
import { parseSmtpUrl } from '../../../src/mail/smtp-url';
import { domainSchema } from '../../../src/rules/domain';
import { customEventTypeSchema, eventPatternSchema } from '../../../src/rules/event-pattern';
import { delaySchema } from '../../../src/rules/retry-delays';
import { stepHeadersSchema } from '../../../src/rules/step-headers';
import { webhookUrlSchema } from '../../../src/rules/webhook-url';
import { parseMasterKeys } from '../../../src/secrets/master-key';
import { parseSigningSecret } from '../../../src/secrets/signing-key';
import { parsePayloadKeys } from '../../../src/temporal/payload-keys';
import { fuzz, quickly, TooSlowError, type Fuzz } from '../fuzz';
import { anyJson, anyText, edited } from '../mutations';

/** Of the processor, for one text of at most 300 KB. Milliseconds. */
const LIMIT_MS = 500;

/** What a refusal must not be: an error of the language itself, which says that nobody thought of the input. */
function isAccident(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof TooSlowError) return true;
  if (error instanceof RangeError || error instanceof ReferenceError || error instanceof SyntaxError)
    return true;
  return (
    error.message === '' ||
    /Cannot read|is not (a function|iterable)|Invalid URL|undefined/.test(error.message)
  );
}

const key = Buffer.alloc(32, 7).toString('base64');

const PARSERS: [string, string, (text: string) => unknown][] = [
  ['mailbox', 'Rule Builder <rules@example.com>', parseMailbox],
  ['smtp-url', 'smtp://user:password@mail.example.com:587?a=b', parseSmtpUrl],
  ['networks', '10.1.0.0/16,127.0.0.0/8,::1/128,64:ff9b::/96', parseNetworks],
  ['hosts', 'hooks.internal,*.corp.example.com', parseHostPatterns],
  ['origins', 'https://temporal.example.com,http://localhost:8233', parseOrigins],
  ['proxy', 'http://user:pass%40word@proxy.example.com:3128', parseProxyUrl],
  ['no-proxy', 'localhost,.internal,10.0.0.0/8,*,[::1]:80', (text) => parseNoProxy(text.split(','))],
  ['master-keys', `${key},${key}`, parseMasterKeys],
  ['payload-keys', `${key},${key}`, parsePayloadKeys],
  ['signing-secret', `whsec_${Buffer.alloc(24, 1).toString('base64')}`, parseSigningSecret],
  ['retry-after', 'Wed, 21 Oct 2026 07:28:00 GMT', (text) => retryAfterMs(text, Date.now())],
  ['delay', '1.5h', (text) => delaySchema.safeParse(text)],
  ['domain', 'hooks.example.com', (text) => domainSchema.safeParse(text)],
  ['event-type', 'invoice.paid', (text) => customEventTypeSchema.safeParse(text)],
  ['event-pattern', 'invoice.*', (text) => eventPatternSchema.safeParse(text)],
  ['url', 'https://hooks.example.com:8443/a?b=%20c#d', (text) => webhookUrlSchema.safeParse(text)],
  ['origin', 'https://hooks.example.com:8443', (text) => originSchema.safeParse(text)],
  ['headers', 'x-team', (text) => stepHeadersSchema.safeParse({ [text]: text })],
];

/** Where reading what was read must change nothing. */
const NORMAL_FORMS = { domain: domainSchema, url: webhookUrlSchema, origin: originSchema };

const yesOrNo = fc.constantFrom(true, false, undefined);
const scorecards = fc.uniqueArray(
  fc.record({
    id: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    domain: fc.option(fc.domain(), { nil: undefined }),
    mine: yesOrNo,
    followed: yesOrNo,
  }),
  // Ends of lines within a field are no id; spaces around one are not kept.
  { minLength: 1, maxLength: 20, selector: ({ id }) => id.toLowerCase() },
);

/** RFC 4180. */
function printCsv(rows: readonly Partial<Record<string, string | boolean>>[], end: string): string {
  const lines = rows.map((row) =>
    ['id', 'domain', 'mine', 'followed']
      .map((column) => `"${String(row[column] ?? '').replaceAll('"', '""')}"`)
      .join(','),
  );
  return ['id,domain,mine,followed', ...lines].join(end) + end;
}

/** @returns undefined when it is refused as it should be */
function readByCommandLine(name: string, text: string) {
  try {
    return quickly(LIMIT_MS, () => readScorecards(name, text)).map(({ scorecard }) => scorecard);
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    return undefined;
  }
}

export const textFuzzes: Fuzz[] = [
  ...PARSERS.map(([name, sample, parse]) =>
    fuzz(name, fc.oneof(edited(sample), anyText), (text) => {
      try {
        quickly(LIMIT_MS, () => parse(text));
      } catch (error) {
        if (isAccident(error)) throw error;
      }
      const schema = NORMAL_FORMS[name as 'url'] as typeof webhookUrlSchema | undefined;
      const read = schema?.safeParse(text);
      if (read?.success && schema?.parse(read.data) !== read.data) throw new Error('has no normal form');
    }),
  ),
  fuzz('json-text', anyJson, (value) => {
    const text = JSON.stringify(value);
    const pretty = quickly(LIMIT_MS, () => prettyJson(text));
    if (pretty === undefined || JSON.stringify(JSON.parse(pretty)) !== text)
      throw new Error('is another value');
  }),
  fuzz(
    'csv',
    fc.oneof(edited('id,domain,mine,followed\n"sc-1",example.com,yes,no\nsc-2,"a ""b"".com",,x\n'), anyText),
    (text) => {
      const [one, other] = [
        readByCommandLine('a.csv', text),
        quickly(LIMIT_MS, () => readScorecardCsv(text)),
      ];
      // The page leaves more to the service, which looks at every line again.
      if (one !== undefined && (other.problems.length > 0 || other.rows.length !== one.length)) {
        throw new Error(`the page reads ${JSON.stringify(other)}, the command line ${JSON.stringify(one)}`);
      }
    },
  ),
  fuzz('csv-printed', fc.tuple(scorecards, fc.constantFrom('\n', '\r\n')), ([rows, end]) => {
    const text = printCsv(rows, end);
    const read = readScorecardCsv(text).rows.map(({ scorecard }) => scorecard);
    const written = JSON.parse(JSON.stringify(rows)) as typeof read;
    const lower = written.map((row) => (row.domain ? { ...row, domain: row.domain.toLowerCase() } : row));
    const hasPlainIds = rows.every(({ id }) => id.trim() === id && !/[\r\n]/.test(id));
    if (hasPlainIds && !isDeepStrictEqual(read, lower)) {
      throw new Error(`${JSON.stringify(lower)} is read as ${JSON.stringify(read)}`);
    }
    readByCommandLine('a.csv', text);
  }),
];
