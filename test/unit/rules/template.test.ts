import fc from 'fast-check';
import { renderBody } from '../../../src/rules/template';
import { bodyTemplateSchema } from '../../../src/rules/template-schema';
import type { Json, JsonObject } from '../../../src/shared/json';
import { problemLines } from './builders';

const context: JsonObject = {
  event: { scorecard_id: 'card-1', domain: 'example.com' },
  trigger: { type: 'grade_drop', current: { grade: 'C', score: 78.5 }, tags: ['a', 'b'], quote: 'say "x"\n' },
  webhooks: [{ step: 'ticket', url: 'https://example.com/', response: { status: 201, body: { id: 7 } } }],
  steps: { ticket: { response: { body: { id: 7 } } } },
  execution_id: '87b786f3-76c9-4a2e-a44b-985be679ef80',
  created_at: '2026-07-10T12:00:00.000Z',
  retries: 0,
};

const outcome = (template: unknown, values: JsonObject = context) =>
  renderBody(bodyTemplateSchema.parse(template), values);

/** What a template's body says, parsed. */
function rendered(template: unknown, values?: JsonObject): unknown {
  const result = outcome(template, values);
  if (!result.ok) throw new Error(result.error);
  return JSON.parse(result.body);
}

describe('a body template', () => {
  it.each<[unknown, unknown]>([
    ['{{ trigger.current.grade }}', 'C'],
    ['{{ trigger.current.score }}', 78.5],
    ['{{ trigger.tags }}', ['a', 'b']],
    ['{{- trigger.current -}}', { grade: 'C', score: 78.5 }],
    ['{{ nothing.at.all }}', null],
    ['{{ webhooks[0].response.body.id }}', 7],
    ['{{ webhooks.first.step }}', 'ticket'],
    ['{{ steps["ticket"].response.body.id }}', 7],
    ['{{ retries | plus: 1 }}', 1],
    ['{{ trigger.missing | default: "none" }}', 'none'],
    ['{{ trigger.type | replace: "_", " " | upcase }}', 'GRADE DROP'],
    ['{{ created_at | date: "%d.%m.%Y %H:%M" }}', '10.07.2026 12:00'],
    ['{{ trigger.quote | url_encode }}', 'say+%22x%22%0A'],
    ['{{ "{{" }}', '{{'],
    ['Grade {{ trigger.current.grade }} ({{ trigger.current.score }})', 'Grade C (78.5)'],
    ['{{ retries }}{{ retries }}', '00'],
    [' {{ retries }}', ' 0'],
    ['[{{ nothing }}]', '[]'],
    ['tags: {{ trigger.tags }}', 'tags: ["a","b"]'],
    ['no template } }', 'no template } }'],
    ['', ''],
  ])('makes of %j %j', (template, expected) => {
    expect(rendered({ at: [template] })).toEqual({ at: [expected] });
  });

  it.each<[unknown]>([[5], [null], [true], ['text'], [[]], [{}], [{ a: [{ b: [1, 'c', null] }] }]])(
    'leaves %j as it is',
    (template) => {
      expect(rendered(template)).toEqual(template);
    },
  );

  it('renders no keys', () => {
    expect(rendered({ '{{ retries }}': 1 })).toEqual({ '{{ retries }}': 1 });
  });

  it('keeps the order of keys, and odd ones', () => {
    const template = JSON.parse('{"z":1,"__proto__":"{{ retries }}","a":{"constructor":2}}') as Json;
    expect(outcome(template)).toEqual({ ok: true, body: '{"z":1,"__proto__":0,"a":{"constructor":2}}' });
  });

  it('is kept exactly as it was written', () => {
    const written = { a: ['{{ b }}', 1, null] };
    expect(bodyTemplateSchema.parse(written)).toEqual(written);
  });
});

describe('whatever the values', () => {
  it('none breaks out of its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const values = { text };
        expect(rendered({ whole: '{{ text }}', part: 'a{{ text }}b', after: 1 }, values)).toEqual({
          whole: text,
          part: `a${text}b`,
          after: 1,
        });
      }),
    );
  });

  it('a value by itself is that value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const same = JSON.parse(JSON.stringify(value)) as Json;
        expect(rendered('{{ value }}', { value: same })).toEqual(same);
      }),
    );
  });

  it('no template throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (text, value) => {
        const result = renderBody(`{{ ${text} }}`, { value: value as Json });
        expect(typeof result.ok).toBe('boolean');
      }),
    );
  });

  it.each([
    '{{ constructor }}',
    '{{ __proto__ }}',
    '{{ trigger.__proto__.x }}',
    '{{ trigger.constructor.name }}',
    '{{ trigger.type.constructor }}',
    '{{ trigger.tags.map }}',
    '{{ trigger.toString }}',
    '{{ trigger["hasOwnProperty"] }}',
  ])('%s is nothing', (template) => {
    expect(rendered(template)).toBeNull();
  });

  it('own keys named like methods of objects are values', () => {
    const values = JSON.parse(
      '{"a":{"toString":1,"valueOf":2,"toJSON":3,"then":4,"toLiquid":5,"next":6}}',
    ) as JsonObject;
    expect(rendered({ whole: '{{ a }}', part: 'x{{ a }}' }, values)).toEqual({
      whole: values['a'],
      part: `x${JSON.stringify(values['a'])}`,
    });
  });
});

describe('a template that cannot be used is refused, each problem at its path', () => {
  it.each<[string, unknown, unknown[]]>([
    ['a tag', { a: ['{% if x %}'] }, ['a[0]: must not have tags ({% … %}): there are only outputs, {{ … }}']],
    [
      'a tag that hides others',
      '{% raw %}{{ x }}{% endraw %}',
      [expect.stringMatching(/^must not have tags/)],
    ],
    ['an output without end', { text: 'a {{ b' }, [expect.stringMatching(/^text: output "{{ b" not closed/)]],
    [
      'an unknown filter',
      { text: '{{ a | shout }}' },
      [expect.stringMatching(/^text: undefined filter: shout/)],
    ],
    [
      'a filter that evaluates',
      { t: '{{ a | where_exp: "x", "x" }}' },
      [expect.stringMatching(/^t: undefined filter/)],
    ],
    [
      'two at once',
      ['{{ a', 1, { b: '{{ | }}}}' }],
      [expect.stringMatching(/^\[0\]: /), expect.stringMatching(/^\[2\].b: /)],
    ],
    ['16 KB', 'x'.repeat(16_383), ['must not be larger than 16384 bytes']],
    ['201 values', Array.from({ length: 201 }, () => 1), ['must not have more than 200 values']],
    ['a number that is none', { a: NaN }, ['a: must be a finite number']],
    ['a function', { a: () => 1 }, ['a: must be a JSON value']],
  ])('%s', (_case, template, problems) => {
    expect(problemLines(bodyTemplateSchema, template)).toEqual(problems);
  });

  it('nested without end', () => {
    const template = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as Json;
    expect(problemLines(bodyTemplateSchema, template)).toEqual([
      expect.stringMatching(/: is nested too deeply$/),
    ]);
  });
});

describe('a body that cannot be made says why', () => {
  const long = 'x'.repeat(100_000);

  it.each<[string, Json, JsonObject, string]>([
    [
      'longer than 256 KB',
      ['{{ long }}', '{{ long }}', '{{ long }}'],
      { long },
      'the body cannot be made: it would be longer than 262144 bytes',
    ],
    [
      'the same large list many times over',
      `{{ list ${'| concat: list '.repeat(500)} }}`,
      { list: [long, long] },
      'the body cannot be made: it would be longer than 262144 bytes',
    ],
    [
      'one text doubled and doubled',
      `{{ long ${'| append: long '.repeat(500)} }}`,
      { long },
      'the body cannot be made: memory alloc limit exceeded, line:1, col:1',
    ],
    [
      'long texts side by side',
      '{{ long }}'.repeat(1_000),
      { long },
      'the body cannot be made: memory alloc limit exceeded, line:1, col:',
    ],
    [
      'a text encoded and encoded',
      `{{ long ${'| url_encode '.repeat(1_000)} }}`,
      { long: '%'.repeat(50_000) },
      'the body cannot be made: memory alloc limit exceeded, line:1, col:1',
    ],
    [
      'a range without end',
      '{{ (1..100000000) | size }}',
      {},
      'the body cannot be made: memory alloc limit exceeded',
    ],
    [
      'a date as wide as a book',
      '{{ "2026-01-01" | date: "%999999999d" }}',
      {},
      'the body cannot be made: memory alloc limit exceeded',
    ],
    [
      'a text that cannot be decoded',
      '{{ "?" | base64_decode }}',
      {},
      'the body cannot be made: invalid base64',
    ],
  ])('%s', (_case, template, values, error) => {
    expect(renderBody(template, values)).toEqual({
      ok: false,
      error: expect.stringContaining(error) as string,
    });
  });

  it('a value that is nested without end', () => {
    const value = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as Json;
    expect(renderBody(['{{ value }}', 'x{{ value }}'], { value })).toMatchObject({ ok: false });
  });
});
