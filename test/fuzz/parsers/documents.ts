import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { eventSchema } from '../../../src/rules/event';
import { problemsOf } from '../../../src/rules/problems';
import { ruleSchema } from '../../../src/rules/rule';
import { parseRulebookDocument, type ParsedDocument } from '../../../src/rules/rulebook-document';
import { RulebookError } from '../../../src/rules/rulebook-error';
import { fuzz, quickly, type Fuzz } from '../fuzz';
import { anyText, changedJson, edited } from '../mutations';

/** Of the processor, for one document of at most 300 KB. Milliseconds. */
const LIMIT_MS = 1_500;

const examples = join(__dirname, '../../../examples');

function example(name: string): string {
  return readFileSync(join(examples, name), 'utf8');
}

/** The names of all keys in some values. */
export function keysIn(...values: unknown[]): string[] {
  const keys = values.flatMap((value): string[] =>
    typeof value === 'object' && value !== null
      ? [
          ...(Array.isArray(value) ? [] : Object.keys(value)),
          ...keysIn(...(Object.values(value) as unknown[])),
        ]
      : [],
  );
  return [...new Set(keys)];
}

const events: unknown[] = [
  ...readdirSync(examples)
    .filter((name) => name === 'scorecard_changed.json')
    .map((name) => JSON.parse(example(name)) as unknown),
  {
    type: 'scorecard.changed',
    scorecard_id: 'sc-1',
    domain: 'example.com',
    platform_score_date: 20_261_124,
    previous: { score: 90, factors: { dns_health: 90 } },
    current: { score: 70, factors: { dns_health: 70 } },
    issues: { no_csp: { active: { count: 2 }, resolved: { count: 1 }, severity: 'high' } },
    breach: { domain: 'example.com', records_lost: 5, date_discovered: '2026-01-01' },
    trial: { rule_id: 'a' },
  },
  { id: 'evt-1', type: 'invoice.paid', data: { amount: 5, lines: [{ sku: 'a' }] }, domain: 'example.com' },
];

const rulebooks = [example('rules.yaml'), example('demo-rules.yaml')];
const rules = rulebooks.flatMap((text) => (parse(text) as { rules: unknown[] }).rules);
rules.push({
  id: 'mondays',
  name: 'State of the scorecard',
  owner: { member: 'ada' },
  schedule: { cron: '0 9 * * 1', timezone: 'Europe/Paris', catchup: '1d' },
  filters: { scorecards: { value: 'my_scorecard' } },
  steps: [{ id: 'a', action: 'call_webhook', url: 'https://hooks.example.com/a', retries: ['6m', '1h'] }],
  notify: { recipients: ['a@example.com'], digest: '15m' },
});

const documents = rules.map((rule) => JSON.stringify({ rules: [rule] }, undefined, 1));

/** @returns undefined when it is refused as it should be */
function parsed(text: string): ParsedDocument | undefined {
  try {
    return quickly(LIMIT_MS, () => parseRulebookDocument(text, 'rules.yaml'));
  } catch (error) {
    if (!(error instanceof RulebookError)) throw error;
    if (error.problems.length === 0 || error.message === '') throw new Error('refused without a reason');
    return undefined;
  }
}

function mustEqual(what: string, one: unknown, other: unknown): void {
  if (!isDeepStrictEqual(one, other)) {
    throw new Error(`${what}:\n${JSON.stringify(one)}\n${JSON.stringify(other)}`);
  }
}

export const documentFuzzes: Fuzz[] = [
  fuzz('event', changedJson(fc.constantFrom(...events), keysIn(...events)), (value) => {
    const read = quickly(LIMIT_MS, () => eventSchema.safeParse(value));
    if (read.success) mustEqual('read twice', eventSchema.parse(read.data), read.data);
    else if (problemsOf(read.error).some(({ message }) => message === ''))
      throw new Error('refused without a reason');
  }),
  fuzz('rule', changedJson(fc.constantFrom(...rules), keysIn(...rules)), (value) => {
    const read = quickly(LIMIT_MS, () => ruleSchema.safeParse(value));
    if (!read.success && problemsOf(read.error).length === 0) throw new Error('refused without a reason');
  }),
  fuzz('rulebook', fc.oneof(edited(...rulebooks, ...documents), anyText), (text) => {
    const read = parsed(text);
    if (read === undefined) return;
    // As the command line prints what it has got, for people to edit and apply.
    mustEqual('printed and read', parsed(stringify(read.source, { lineWidth: 0 })), read);
  }),
  fuzz(
    'rulebook-values',
    changedJson(
      fc.shuffledSubarray(rules, { minLength: 1, maxLength: 3 }).map((some) => ({
        rules: some,
        scorecards: { mine: ['example.com'], followed: [] },
        portfolios: [{ id: 'vendors', name: 'Vendors', scorecards: ['a.example'] }],
        issue_types: { no_csp: 'high' },
      })),
      keysIn(...rules),
    ),
    (value) => {
      const read = parsed(JSON.stringify(value));
      if (read === undefined) return;
      mustEqual('printed and read', parsed(stringify(read.source, { lineWidth: 0 })), read);
    },
  ),
];
