import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRulebookDocument } from '../../src/store/rulebook-document';
import { EXAMPLES, ruleInput } from '../unit/rules/builders';
import { documentOf, makeRuleFiles, problemsIn } from './rule-files';
import type { RuleFiles } from './rule-files';

let files: RuleFiles;
beforeEach(async () => {
  files = await makeRuleFiles();
});
afterEach(() => files.remove());

const problems = () => problemsIn(files.directory, readRulebookDocument(files.file));

describe('a rulebook file', () => {
  it('is valid as the example has it', async () => {
    const { document } = await readRulebookDocument(join(EXAMPLES, 'rules.yaml'));
    expect(document.rules.map(({ id }) => id)).toEqual([
      'own-grade-drop',
      'vendor-score-below-80',
      'new-issues',
    ]);
  });

  it('needs no more than rules', async () => {
    await files.write('rules: []');
    expect((await readRulebookDocument(files.file)).document).toEqual({
      rules: [],
      scorecards: { mine: [], followed: [] },
      portfolios: [],
      issue_types: {},
    });
  });

  it('may be JSON with tabs', async () => {
    await files.write(JSON.stringify(documentOf('a'), null, '\t'));
    expect((await readRulebookDocument(files.file)).document.rules).toHaveLength(1);
  });

  it('may be one bare rule', async () => {
    await files.write(ruleInput({ id: 'bare' }));
    expect((await readRulebookDocument(files.file)).document.rules.map(({ id }) => id)).toEqual(['bare']);
  });

  it('gives back what was written, for adding it elsewhere', async () => {
    await files.write(ruleInput({ retry_schedule: ['6m'] }));
    expect((await readRulebookDocument(files.file)).source).toEqual(ruleInput({ retry_schedule: ['6m'] }));
  });
});

describe('a rulebook file that cannot be used is refused, each problem with its file and path', () => {
  it.each<[string, unknown, string[]]>([
    ['empty', '', ['rules.yaml: Invalid input: expected object, received null']],
    [
      'a document with two problems',
      { rules: [ruleInput({ id: 'A' })], groups: [] },
      [
        'rules.yaml: rules[0].id: must be 1 to 64 of a-z, 0-9, "_" and "-", and begin with a letter or digit',
        'rules.yaml: groups: is not a known key',
      ],
    ],
    [
      'a bare rule',
      ruleInput({ steps: [] }),
      ['rules.yaml: steps: Too small: expected array to have >=1 items'],
    ],
    [
      'two rules of one id',
      documentOf('a', 'b', 'a'),
      ['rules.yaml: rules[2].id: "a" is the id of an earlier one'],
    ],
    [
      'two portfolios of one id',
      { rules: [], portfolios: [{ id: 'p' }, { id: 'p' }] },
      ['rules.yaml: portfolios[1].id: "p" is the id of an earlier one'],
    ],
    [
      'a severity that there is not',
      { rules: [], issue_types: { no_csp: 'bad' } },
      [
        'rules.yaml: issue_types.no_csp: Invalid option: expected one of "info"|"low"|"medium"|"high"|"critical"',
      ],
    ],
    [
      'broken YAML',
      'rules: [\n',
      [
        'rules.yaml: is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1',
      ],
    ],
    [
      'a key twice',
      'rules: []\nrules: []\n',
      ['rules.yaml: is no YAML: Map keys must be unique at line 2, column 1'],
    ],
    [
      'a bomb of aliases',
      `a: &a [${'x,'.repeat(9)}]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nrules: [${'*c,'.repeat(9)}]\n`,
      ['rules.yaml: is no YAML: Excessive alias count indicates a resource exhaustion attack'],
    ],
    ['more than 1 MB', `rules: []\n#${'x'.repeat(1_048_576)}`, ['rules.yaml: is larger than 1 MB']],
  ])('%s', async (_case, content, lines) => {
    await files.write(content);
    expect(await problems()).toEqual(lines);
  });

  it('a file that is not there', async () => {
    expect(await problems()).toEqual([expect.stringMatching(/^rules.yaml: cannot be read: ENOENT/)]);
  });

  it('a folder in its place', async () => {
    await mkdir(files.file);
    expect(await problems()).toEqual([expect.stringMatching(/^rules.yaml: cannot be read: EISDIR/)]);
  });

  it('a very broken file, in 20 lines and a count', async () => {
    await writeFile(files.file, JSON.stringify({ rules: Array(25).fill(7) }));
    expect((await problems()).slice(19)).toEqual([
      expect.stringMatching(/^rules.yaml: rules\[19\]/),
      'and 5 more',
    ]);
  });
});
