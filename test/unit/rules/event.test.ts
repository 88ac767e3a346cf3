import { z } from 'zod';
import { eventSchema } from '../../../src/rules/event';
import { eventInput, eventWith, example, problemLines } from './builders';

describe('an event', () => {
  it('is taken as the sample has it, unchanged', () => {
    expect(eventSchema.parse(example('scorecard_changed.json'))).toEqual(example('scorecard_changed.json'));
  });

  it('may carry fields that nobody here knows', () => {
    expect(eventWith({ tenant: { id: 7 } })).toEqual(eventInput());
  });

  it('may carry a factor that is introduced tomorrow', () => {
    expect(eventWith({ current: { factors: { ai_posture: 71 } } }).current).toEqual({
      factors: { ai_posture: 71 },
    });
  });

  it('has its domain in lower case', () => {
    expect(eventWith({ domain: 'WWW.Example.COM' }).domain).toBe('www.example.com');
  });

  it.each([
    'example.com',
    'a_b.example',
    'xn--bcher-kva.example',
    'bücher.example',
    'localhost',
    '192.0.2.7',
  ])('may be about %s', (domain) => {
    expect(eventWith({ domain }).domain).toBe(domain);
  });

  it('has a breach in the contract’s fields', () => {
    expect(eventWith({ breach: { domain: 'example.com', records_lost: 3, source: 'x' } }).breach).toEqual({
      domain: 'example.com',
      records_lost: 3,
    });
  });
});

describe('an event that cannot be used is refused, each problem at its path', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    [
      'no scorecard',
      { scorecard_id: undefined },
      ['scorecard_id: Invalid input: expected string, received undefined'],
    ],
    ['an empty id', { id: '' }, ['id: Too small: expected string to have >=1 characters']],
    ['an id of 201', { id: 'x'.repeat(201) }, ['id: Too big: expected string to have <=200 characters']],
    [
      'a score beyond 100',
      { current: { score: 100.5 } },
      ['current.score: Too big: expected number to be <=100'],
    ],
    [
      'a score in words',
      { previous: { factors: { dns_health: '90' } } },
      ['previous.factors.dns_health: Invalid input: expected number, received string'],
    ],
    [
      'a factor of odd characters',
      { previous: { factors: { 'dns health': 90 } } },
      ['previous.factors["dns health"]: must be a factor name of a-z, 0-9 and "_"'],
    ],
    [
      'half an issue',
      { issues: { csp_no_policy_v2: { active: { count: 1.5 } } } },
      ['issues.csp_no_policy_v2.active.count: Invalid input: expected int, received number'],
    ],
    [
      'a severity that there is not',
      { issues: { csp_no_policy_v2: { severity: 'bad' } } },
      [
        'issues.csp_no_policy_v2.severity: Invalid option: expected one of "info"|"low"|"medium"|"high"|"critical"',
      ],
    ],
    [
      'a trial of nothing',
      { trial: {} },
      ['trial.rule_id: Invalid input: expected string, received undefined'],
    ],
  ])('%s', (_case, changed, problems) => {
    expect(problemLines(eventSchema, eventInput(changed))).toEqual(problems);
  });

  it.each(['https://example.com', 'example.com/', 'exa mple.com', '-a.example', 'a..b', '', 'x'.repeat(254)])(
    'the domain %.30s',
    (domain) => {
      expect(problemLines(eventSchema, eventInput({ domain }))).toEqual(['domain: must be a host name']);
    },
  );

  it.each([20261301, 20260230, 20260010, 2026071, 202607100, -20260710])(
    'the day %d',
    (platform_score_date) => {
      expect(problemLines(eventSchema, eventInput({ platform_score_date }))).toEqual([
        'platform_score_date: must be a day as the integer YYYYMMDD',
      ]);
    },
  );
});

describe('an event of a sender’s own', () => {
  const own = (changed: Record<string, unknown> = {}) => ({ type: 'invoice.paid', data: {}, ...changed });

  it.each([
    ['about nothing', {}],
    ['about a scorecard', { scorecard_id: 'card-1', domain: 'example.com' }],
    ['with all sorts of data', { data: { a: [1, { b: null }], 'c d': 'ü', constructor: true } }],
    ['with an id and a trial', { id: 'evt-1', trial: { rule_id: 'a' } }],
    ['of one segment', { type: 'ping' }],
    ['of many segments', { type: 'a.b_c.d-e.9' }],
  ])('is taken as it is, %s', (_case, changed) => {
    expect(eventSchema.parse(own(changed))).toEqual(own(changed));
  });

  it('may carry fields that nobody here knows, which are left out', () => {
    expect(eventSchema.parse(own({ tenant: 7 }))).toEqual(own());
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no type', { type: undefined }, 'type: Invalid input: expected string, received undefined'],
    ['capitals', { type: 'Invoice' }, 'type: must be names of a-z, 0-9, "_" and "-" with dots between them'],
    ['a wildcard', { type: 'a.*' }, 'type: must be names of a-z, 0-9, "_" and "-" with dots between them'],
    [
      'an empty segment',
      { type: 'a..b' },
      'type: must be names of a-z, 0-9, "_" and "-" with dots between them',
    ],
    ['a type of 101', { type: 'x'.repeat(101) }, 'type: Too big: expected string to have <=100 characters'],
    ['no data', { data: undefined }, 'data: must be an object'],
    ['a list for data', { data: [] }, 'data: must be an object'],
    ['a domain that is none', { domain: 'a b' }, 'domain: must be a host name'],
  ])('is refused with %s', (_case, changed, problem) => {
    expect(problemLines(eventSchema, own(changed))).toEqual([problem]);
  });

  it('is refused when its data is nested without end', () => {
    const data = JSON.parse(`{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}`) as unknown;
    expect(problemLines(eventSchema, own({ data }))).toEqual([
      expect.stringMatching(/: is nested too deeply$/),
    ]);
  });
});

describe('the schema of events', () => {
  it('can be told in JSON Schema, for the API’s document', () => {
    const { anyOf } = z.toJSONSchema(eventSchema, { io: 'input' });
    expect(anyOf?.map(({ required }) => required)).toEqual([
      ['type', 'scorecard_id', 'domain'],
      ['type', 'data'],
    ]);
  });
});
