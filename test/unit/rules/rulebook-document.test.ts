import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { parseRulebookDocument } from '../../../src/rules/rulebook-document';
import { RulebookError } from '../../../src/rules/rulebook-error';
import { EXAMPLES, ruleInput } from './builders';

const textOf = (content: unknown) => (typeof content === 'string' ? content : stringify(content));
const documentOf = (...ids: string[]) => ({ rules: ids.map((id) => ruleInput({ id })) });

/** What is wrong with a document, line by line. */
function problems(content: unknown, file?: string): string[] {
  try {
    parseRulebookDocument(textOf(content), file);
    return [];
  } catch (error) {
    if (!(error instanceof RulebookError)) throw error;
    return error.message.split('\n');
  }
}

describe('a rulebook document', () => {
  it('is valid as the example has it', () => {
    const { document } = parseRulebookDocument(readFileSync(join(EXAMPLES, 'rules.yaml'), 'utf8'));
    expect(document.rules.map(({ id }) => id)).toEqual([
      'own-grade-drop',
      'vendor-score-below-80',
      'new-issues',
      'large-invoices',
    ]);
  });

  it('needs no more than rules', () => {
    expect(parseRulebookDocument('rules: []').document).toEqual({
      rules: [],
      sources: [],
      scorecards: { mine: [], followed: [] },
      portfolios: [],
      issue_types: {},
    });
  });

  it('may be JSON with tabs', () => {
    const text = JSON.stringify(documentOf('a'), null, '\t');
    expect(parseRulebookDocument(text).document.rules).toHaveLength(1);
  });

  it.each([
    ['of changes', { id: 'bare' }],
    ['of events', { id: 'bare', filters: undefined, event: { type: 'a' } }],
  ])('may be one bare rule %s', (_case, changed) => {
    const text = JSON.stringify(ruleInput(changed));
    expect(parseRulebookDocument(text).document.rules.map(({ id }) => id)).toEqual(['bare']);
  });

  it('gives each rule back as it was written', () => {
    const [first, second] = [ruleInput({ retry_schedule: ['6m'] }), ruleInput({ id: 'second' })];
    expect(parseRulebookDocument(textOf({ rules: [first, second] })).document.sources).toEqual([
      first,
      second,
    ]);
  });

  it('gives a bare rule back as it was written', () => {
    expect(parseRulebookDocument(textOf(ruleInput())).document.sources).toEqual([ruleInput()]);
  });
});

describe('a rulebook document that cannot be used is refused, each problem at its path', () => {
  it.each<[string, unknown, string[]]>([
    ['empty', '', ['Invalid input: expected object, received null']],
    [
      'a document with two problems',
      { rules: [ruleInput({ id: 'A' })], groups: [] },
      [
        'rules[0].id: must be 1 to 64 of a-z, 0-9, "_" and "-", and begin with a letter or digit',
        'groups: is not a known key',
      ],
    ],
    ['a bare rule', ruleInput({ steps: [] }), ['steps: Too small: expected array to have >=1 items']],
    ['two rules of one id', documentOf('a', 'b', 'a'), ['rules[2].id: "a" is the id of an earlier one']],
    [
      'two portfolios of one id',
      { rules: [], portfolios: [{ id: 'p' }, { id: 'p' }] },
      ['portfolios[1].id: "p" is the id of an earlier one'],
    ],
    [
      'a severity that there is not',
      { rules: [], issue_types: { no_csp: 'bad' } },
      ['issue_types.no_csp: Invalid option: expected one of "info"|"low"|"medium"|"high"|"critical"'],
    ],
    [
      'broken YAML',
      'rules: [\n',
      [
        'is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1',
      ],
    ],
    ['a key twice', 'rules: []\nrules: []\n', ['is no YAML: Map keys must be unique at line 2, column 1']],
    [
      'a bomb of aliases',
      `a: &a [${'x,'.repeat(9)}]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nrules: [${'*c,'.repeat(9)}]\n`,
      ['is no YAML: Excessive alias count indicates a resource exhaustion attack'],
    ],
    ['more than 1 MB', `rules: []\n#${'x'.repeat(1_048_576)}`, ['is larger than 1 MB']],
  ])('%s', (_case, content, lines) => {
    expect(problems(content)).toEqual(lines);
  });

  it('with the file, when it came from one', () => {
    expect(problems('rules: 7', 'rules.yaml')).toEqual([
      'rules.yaml: rules: Invalid input: expected array, received number',
    ]);
  });

  it('with an empty rule told as a rule', () => {
    expect(problems({ rules: [{}] })).toContain(
      'rules[0].id: Invalid input: expected string, received undefined',
    );
  });

  it('nested without end', () => {
    expect(problems('['.repeat(100_000))).toEqual([expect.stringMatching(/^is no YAML: /)]);
  });

  it('very broken, in 20 lines and a count', () => {
    expect(problems(JSON.stringify({ rules: Array(25).fill(7) })).slice(19)).toEqual([
      expect.stringMatching(/^rules\[19\]/),
      'and 5 more',
    ]);
  });
});
