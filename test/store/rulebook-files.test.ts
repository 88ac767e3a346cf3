import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addDocument, createFileRulebook } from '../../src/store/rulebook-files';
import { ruleInput } from '../unit/rules/builders';
import { documentOf, makeRuleFiles, problemsIn } from './rule-files';
import type { RuleFiles } from './rule-files';
import type { Rulebook } from '../../src/rules/rulebook';

let files: RuleFiles;
let warnings: string[];
let rulebook: Rulebook;
beforeEach(async () => {
  files = await makeRuleFiles();
  warnings = [];
  rulebook = createFileRulebook({ ...files, warn: (message) => warnings.push(message) });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await files.remove();
});

const ids = async () => (await rulebook.rules()).map(({ rule }) => rule.id);
const inPortfolio = (portfolio_id: string, id = 'a') =>
  ruleInput({
    id,
    filters: { changes: { value: 'breach_reported' }, scorecards: { value: 'in_portfolio', portfolio_id } },
  });

describe('the rules in force', () => {
  it('are those of the file', async () => {
    await files.write(documentOf('a', 'b'));
    expect(await ids()).toEqual(['a', 'b']);
  });

  it('are found one by one', async () => {
    await files.write(documentOf('a', 'b'));
    expect((await rulebook.rule('b'))?.rule.name).toBe('Rule b');
  });

  it('do not have what is not there', async () => {
    await files.write(documentOf('a'));
    expect(await rulebook.rule('constructor')).toBeUndefined();
  });

  it('follow an edit', async () => {
    await files.write(documentOf('a'));
    await ids();
    await files.write(documentOf('b'));
    expect(await ids()).toEqual(['b']);
  });

  it('follow an edit of the same length that replaces the file', async () => {
    await files.write(documentOf('a'));
    await ids();
    await writeFile(join(files.directory, 'new'), JSON.stringify(documentOf('b')));
    await rename(join(files.directory, 'new'), files.file);
    expect(await ids()).toEqual(['b']);
  });

  it('are not read again while nothing changes', async () => {
    await files.write(documentOf('a'));
    const later = Date.now() + 60_000;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    const first = await rulebook.rule('a');
    expect(await rulebook.rule('a')).toBe(first);
  });

  it('are read again while the file is so new that a write might not show in its times', async () => {
    await files.write(documentOf('a'));
    const writtenAt = (await stat(files.file)).ctimeMs;
    jest.spyOn(Date, 'now').mockReturnValue(writtenAt);
    const first = await rulebook.rule('a');
    expect(await rulebook.rule('a')).not.toBe(first);
  });

  it('are as new as the call, also when an earlier call is under way', async () => {
    await files.write(documentOf('a'));
    const underWay = ids();
    await files.write(documentOf('b'));
    const after = ids();
    await underWay;
    expect(await after).toEqual(['b']);
  });
});

describe('the version of a rule', () => {
  const version = async (content: unknown) => {
    await files.write(content);
    return (await rulebook.rule('a'))?.version;
  };

  it('is 12 hex digits', async () => {
    expect(await version(documentOf('a'))).toMatch(/^[0-9a-f]{12}$/);
  });

  it('stays when other rules, the order of keys or spelt-out defaults change', async () => {
    const before = await version({ rules: [ruleInput({ id: 'a' })] });
    const reversed = Object.fromEntries(Object.entries(ruleInput({ id: 'a' })).reverse());
    const spelt = { ...reversed, retry_schedule: ['6m', '54m', '3h', '8h', '1d'] };
    expect(await version({ rules: [ruleInput({ id: 'z' }), spelt] })).toBe(before);
  });

  it('changes with the rule', async () => {
    const before = await version({ rules: [ruleInput({ id: 'a' })] });
    expect(await version({ rules: [ruleInput({ id: 'a', name: 'Another' })] })).not.toBe(before);
  });
});

describe('groups', () => {
  it('are the scorecards, portfolios and issue types of all files, without regard to case', async () => {
    await files.write({
      rules: [],
      scorecards: { mine: ['Example.COM'], followed: ['card-1'] },
      portfolios: [{ id: 'vendors', name: 'Vendors', scorecards: ['example.org'] }],
      issue_types: { no_csp: 'low' },
    });
    await addDocument(files, 'more', {
      rules: [],
      scorecards: { followed: ['example.net'] },
      portfolios: [{ id: 'p' }],
    });
    expect(await rulebook.groups()).toEqual({
      mine: new Set(['example.com']),
      followed: new Set(['card-1', 'example.net']),
      portfolios: new Map([
        ['vendors', { name: 'Vendors', scorecards: new Set(['example.org']) }],
        ['p', { scorecards: new Set() }],
      ]),
      issueTypes: new Map([['no_csp', 'low']]),
    });
  });
});

describe('an edit that is not valid', () => {
  beforeEach(async () => {
    await files.write(documentOf('a'));
    await ids();
  });

  it.each([
    ['is torn', '{"rules": [{"id": "a", '],
    ['is empty', ''],
    ['has a rule that cannot be', { rules: [ruleInput({ id: 'b', steps: [] })] }],
    ['names a portfolio that is not there', { rules: [inPortfolio('none')] }],
  ])('that %s leaves the last good rules in force', async (_case, content) => {
    await files.write(content);
    expect(await ids()).toEqual(['a']);
  });

  it('is reported with file and path', async () => {
    await files.write({ rules: [inPortfolio('none')] });
    await ids();
    expect(warnings.map((each) => each.replaceAll(`${files.directory}/`, ''))).toEqual([
      'The last good rules stay in force. rules.yaml: rules[0].filters.scorecards.portfolio_id: there is no portfolio "none"',
    ]);
  });

  it('is reported once, however often the rules are asked for', async () => {
    await files.write('');
    await ids();
    await ids();
    expect(warnings).toHaveLength(1);
  });

  it('is reported again when it comes back after a good one', async () => {
    await files.write('');
    await ids();
    await files.write(documentOf('a'));
    await ids();
    await files.write('');
    await ids();
    expect(warnings).toHaveLength(2);
  });

  it('ends with the next valid one', async () => {
    await files.write('');
    await ids();
    await files.write(documentOf('b'));
    expect(await ids()).toEqual(['b']);
  });

  it('may be a file that is gone', async () => {
    await rm(files.file);
    expect(await ids()).toEqual(['a']);
  });

  it('may be a folder that cannot be listed', async () => {
    await writeFile(files.folder, 'not a folder');
    expect([await ids(), warnings]).toEqual([
      ['a'],
      [expect.stringContaining('added: cannot be read: ENOTDIR')],
    ]);
  });
});

describe('a first reading that fails', () => {
  it('is an error with the problems of every file', async () => {
    await files.write('');
    await mkdir(files.folder);
    await writeFile(join(files.folder, 'x.yaml'), JSON.stringify(ruleInput({ steps: [] })));
    expect(await problemsIn(files.directory, rulebook.rules())).toEqual([
      'rules.yaml: Invalid input: expected object, received null',
      'added/x.yaml: steps: Too small: expected array to have >=1 items',
    ]);
  });

  it('is over when the file has been mended', async () => {
    await files.write('');
    await expect(rulebook.rules()).rejects.toThrow('rules.yaml');
    await files.write(documentOf('a'));
    expect(await ids()).toEqual(['a']);
  });

  it('may be due to two added files with one rule', async () => {
    await files.write(documentOf('a'));
    await mkdir(files.folder);
    await writeFile(join(files.folder, 'x.yaml'), JSON.stringify(documentOf('b')));
    await writeFile(join(files.folder, 'y.yaml'), JSON.stringify(ruleInput({ id: 'b' })));
    expect(await problemsIn(files.directory, rulebook.rules())).toEqual([
      'added/y.yaml: id: "b" is also in added/x.yaml',
    ]);
  });
});

describe('without a main file', () => {
  beforeEach(() => {
    rulebook = createFileRulebook({
      file: undefined,
      folder: files.folder,
      warn: (message) => warnings.push(message),
    });
  });

  it('there are no rules as long as none is added', async () => {
    expect(await ids()).toEqual([]);
  });

  it('the rules are those that were added', async () => {
    await addDocument({ file: undefined, folder: files.folder }, 'a', ruleInput({ id: 'a' }));
    expect(await ids()).toEqual(['a']);
  });

  it('two added rules of one id are refused too', async () => {
    const noMain = { file: undefined, folder: files.folder };
    await addDocument(noMain, 'x', ruleInput({ id: 'a' }));
    expect(await problemsIn(files.directory, addDocument(noMain, 'y', ruleInput({ id: 'a' })))).toEqual([
      'added/y.yaml: id: "a" is also in added/x.yaml',
    ]);
  });
});

describe('a document that is added', () => {
  beforeEach(() => files.write({ ...documentOf('a', 'b'), portfolios: [{ id: 'vendors' }] }));

  it('counts beside the main file', async () => {
    await addDocument(files, 'c', ruleInput({ id: 'c' }));
    expect(await ids()).toEqual(['a', 'b', 'c']);
  });

  it('is seen by a rulebook that is in use', async () => {
    await ids();
    await addDocument(files, 'c', ruleInput({ id: 'c' }));
    expect(await ids()).toEqual(['a', 'b', 'c']);
  });

  it('wins over a rule of the same id', async () => {
    await addDocument(files, 'other', ruleInput({ id: 'a', name: 'Mine now' }));
    expect((await rulebook.rule('a'))?.rule.name).toBe('Mine now');
  });

  it('replaces the one of the same name', async () => {
    await addDocument(files, 'c', ruleInput({ id: 'c' }));
    await addDocument(files, 'c', ruleInput({ id: 'd' }));
    expect(await ids()).toEqual(['a', 'b', 'd']);
  });

  it('no longer counts when its file is removed', async () => {
    const path = await addDocument(files, 'c', ruleInput({ id: 'c' }));
    await ids();
    await rm(path);
    expect(await ids()).toEqual(['a', 'b']);
  });

  it('may use a portfolio of the main file', async () => {
    await addDocument(files, 'c', inPortfolio('vendors', 'c'));
    expect(await ids()).toEqual(['a', 'b', 'c']);
  });

  it('is for its owner’s eyes alone', async () => {
    const path = await addDocument(files, 'c', ruleInput({ id: 'c' }));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing else in the folder', async () => {
    await addDocument(files, 'c', ruleInput({ id: 'c' }));
    expect(await readdir(files.folder)).toEqual(['c.yaml']);
  });

  it.each<[string, unknown, string]>([
    [
      'is not valid',
      ruleInput({ id: 'c', steps: [] }),
      'added/c.yaml: steps: Too small: expected array to have >=1 items',
    ],
    [
      'names a portfolio that is not there',
      inPortfolio('vendor', 'c'),
      'added/c.yaml: filters.scorecards.portfolio_id: there is no portfolio "vendor"',
    ],
  ])('is refused and not written when it %s', async (_case, source, problem) => {
    expect(await problemsIn(files.directory, addDocument(files, 'c', source))).toEqual([problem]);
    await expect(readdir(files.folder)).rejects.toThrow('ENOENT');
  });

  it.each(['../c', '', 'C', '.c', 'c/d', 'c.yaml'])('cannot be named %j', async (name) => {
    await expect(addDocument(files, name, ruleInput({ id: 'c' }))).rejects.toThrow('not a document name');
  });

  it('leaves no temporary file when it cannot be put in its place', async () => {
    await mkdir(join(files.folder, 'c.yaml'), { recursive: true });
    await expect(addDocument(files, 'c', ruleInput({ id: 'c' }))).rejects.toThrow('EISDIR');
    expect(await readdir(files.folder)).toEqual(['c.yaml']);
  });

  it('is ignored while it is being written', async () => {
    await mkdir(files.folder);
    await writeFile(join(files.folder, '.half.yaml'), 'rules: [');
    await writeFile(join(files.folder, 'notes.txt'), 'rules: [');
    expect(await ids()).toEqual(['a', 'b']);
  });
});
