import { ruleSchema } from '../../../src/rules/rule';
import { problemLines, ruleFor, ruleInput, ruleWith } from './builders';

const step = (changed: Record<string, unknown> = {}) => ({
  action: 'call_webhook',
  url: 'https://example.com/hook',
  ...changed,
});
const urlProblems = (url: unknown) => problemLines(ruleSchema, ruleInput({ steps: [step({ url })] }));
const changesProblems = (changes: unknown) =>
  problemLines(ruleSchema, ruleInput({ filters: { changes, scorecards: { value: 'followed' } } }));

describe('a rule as it is understood', () => {
  it('names its steps by their place when they have no id', () => {
    expect(ruleWith({ steps: [step(), step({ id: 'ticket' }), step()] }).steps.map(({ id }) => id)).toEqual([
      'step-1',
      'ticket',
      'step-3',
    ]);
  });

  it('cuts large responses off unless told to fail', () => {
    expect(
      ruleWith({ steps: [step(), step({ on_oversize: 'fail' })] }).steps.map((each) => each.on_oversize),
    ).toEqual(['truncate', 'fail']);
  });

  it.each([
    ['HTTPS://Example.COM', 'https://example.com/'],
    ['https://example.com:443/a/../b?x=1#part', 'https://example.com/b?x=1'],
    ['https://bücher.example/ä', 'https://xn--bcher-kva.example/%C3%A4'],
    ['http://127.0.0.1:8080/hook', 'http://127.0.0.1:8080/hook'],
  ])('normalises the URL %s', (written, normal) => {
    expect(ruleWith({ steps: [step({ url: written })] }).steps[0]?.url).toBe(normal);
  });

  it.each([
    [undefined, ['any']],
    ['dns_health', ['dns_health']],
    [
      ['dns_health', 'cubit_score'],
      ['dns_health', 'cubit_score'],
    ],
  ])('takes factor %j for the list %j', (factor, list) => {
    const { changes } = ruleFor({ value: 'factor_grade_drop', factor }).filters;
    expect(changes).toEqual({ value: 'factor_grade_drop', factor: list, grade: 'any' });
  });

  it.each([null, undefined, '2026-07-01T00:00:00Z', '2026-07-01T00:00:00+02:00'])(
    'takes paused_at %s',
    (paused_at) => {
      expect(ruleWith({ paused_at }).paused_at).toBe(paused_at);
    },
  );

  it.each([
    { value: 'my_scorecard' },
    { value: 'followed' },
    { value: 'in_portfolio', portfolio_id: 'vendors' },
  ])('takes the scorecards $value', (scorecards) => {
    expect(ruleFor({ value: 'grade_drop' }, scorecards).filters.scorecards).toEqual(scorecards);
  });
});

describe('a rule that cannot be used is refused, each problem at its path', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    [
      'an id in capitals',
      { id: 'A' },
      ['id: must be 1 to 64 of a-z, 0-9, "_" and "-", and begin with a letter or digit'],
    ],
    [
      'an id that is a path',
      { id: '../x' },
      ['id: must be 1 to 64 of a-z, 0-9, "_" and "-", and begin with a letter or digit'],
    ],
    [
      'an id of 65',
      { id: 'x'.repeat(65) },
      ['id: must be 1 to 64 of a-z, 0-9, "_" and "-", and begin with a letter or digit'],
    ],
    ['no name', { name: ' ' }, ['name: Too small: expected string to have >=1 characters']],
    ['a name of 201', { name: 'x'.repeat(201) }, ['name: Too big: expected string to have <=200 characters']],
    [
      'a name that would add a mail header',
      { name: 'x\r\nBcc: y@example.com' },
      ['name: must not contain line breaks or other control characters'],
    ],
    [
      'an owner without a mail address',
      { owner: { email: 'owner' } },
      ['owner.email: is not an e-mail address'],
    ],
    ['an unknown key', { paused: true }, ['paused: is not a known key']],
    [
      'unknown keys further down',
      { steps: [step({ ulr: 'x', 'on oversize': 'fail' })] },
      ['steps[0].ulr: is not a known key', 'steps[0]["on oversize"]: is not a known key'],
    ],
    ['no steps', { steps: [] }, ['steps: Too small: expected array to have >=1 items']],
    [
      'eleven steps',
      { steps: Array.from({ length: 11 }, () => step()) },
      ['steps: Too big: expected array to have <=10 items'],
    ],
    [
      'two steps of one id',
      { steps: [step({ id: 'step-2' }), step()] },
      ['steps[1].id: "step-2" is the id of an earlier step'],
    ],
    [
      'another action',
      { steps: [step({ action: 'send_mail' })] },
      ['steps[0].action: Invalid input: expected "call_webhook"'],
    ],
    ['a pause without a time', { paused_at: 'yesterday' }, ['paused_at: Invalid ISO datetime']],
    [
      'several at once',
      { id: '', name: 7 },
      [
        'id: must be 1 to 64 of a-z, 0-9, "_" and "-", and begin with a letter or digit',
        'name: Invalid input: expected string, received number',
      ],
    ],
  ])('%s', (_case, changed, problems) => {
    expect(problemLines(ruleSchema, ruleInput(changed))).toEqual(problems);
  });

  it.each([
    ['example.com/hook', 'must be an absolute URL, such as https://example.com/hook'],
    ['ftp://example.com/', 'must begin with https:// or http://'],
    ['javascript:alert(1)', 'must begin with https:// or http://'],
    [
      'https://user:secret@example.com/',
      'must not contain a user or password: URLs are shown to people, so put credentials elsewhere',
    ],
    [
      'https://user@example.com/',
      'must not contain a user or password: URLs are shown to people, so put credentials elsewhere',
    ],
    [`https://example.com/${'x'.repeat(2_048)}`, 'Too big: expected string to have <=2048 characters'],
    [`https://example.com/${'ä'.repeat(1_000)}`, 'must not be longer than 2048 characters once escaped'],
  ])('the URL %.40s', (url, message) => {
    expect(urlProblems(url)).toEqual([`steps[0].url: ${message}`]);
  });

  it('a URL with a password, without repeating the password', () => {
    expect(urlProblems('https://user:hunter2@example.com/').join()).not.toContain('hunter2');
  });

  it('an unknown kind of change, with the kinds that there are', () => {
    expect(changesProblems({ value: 'grade_falls' })).toEqual([
      expect.stringMatching(/^filters\.changes\.value: .*'grade_drop'.*'new_issues'.*'breach_reported'/),
    ]);
  });

  it.each<[string, unknown, string]>([
    [
      'a misspelt factor',
      { value: 'factor_grade_drop', factor: ['dns'] },
      'filters.changes.factor[0]: Invalid option',
    ],
    ['no factor', { value: 'factor_grade_drop', factor: [] }, 'filters.changes.factor: Too small'],
    [
      'any beside a name',
      { value: 'factor_grade_drop', factor: ['any', 'dns_health'] },
      'filters.changes.factor: "any" stands alone',
    ],
    [
      'a factor where there is none',
      { value: 'grade_drop', factor: 'any' },
      'filters.changes.factor: is not a known key',
    ],
    [
      'a drop to A, which cannot be',
      { value: 'grade_drop', grade: 'A' },
      'filters.changes.grade: Invalid option',
    ],
    [
      'a rise to F, which cannot be',
      { value: 'grade_raise', grade: 'F' },
      'filters.changes.grade: Invalid option',
    ],
    [
      'a threshold below which nothing is',
      { value: 'score_drop_threshold', threshold: 0 },
      'filters.changes.threshold: Too small',
    ],
    [
      'a threshold above 100',
      { value: 'score_rise_threshold', threshold: 101 },
      'filters.changes.threshold: Too big',
    ],
    [
      'a threshold in words',
      { value: 'score_rise_threshold', threshold: '80' },
      'filters.changes.threshold: Invalid input',
    ],
    ['no threshold', { value: 'score_rise_threshold' }, 'filters.changes.threshold: Invalid input'],
    ['issues without selection', { value: 'new_issues' }, 'filters.changes.selected: Invalid'],
    [
      'by_severity without one',
      { value: 'new_issues', selected: 'by_severity' },
      'filters.changes.severity: Invalid option',
    ],
    [
      'by_type without any',
      { value: 'new_issues', selected: 'by_type', types: [] },
      'filters.changes.types: Too small',
    ],
    [
      'a severity that is not asked for',
      { value: 'new_issues', selected: 'any', severity: 'low' },
      'filters.changes.severity: is not a known key',
    ],
  ])('%s', (_case, changes, problem) => {
    expect(changesProblems(changes)).toEqual([expect.stringContaining(problem)]);
  });

  it('a portfolio without its id', () => {
    const filters = { changes: { value: 'breach_reported' }, scorecards: { value: 'in_portfolio' } };
    expect(problemLines(ruleSchema, ruleInput({ filters }))).toEqual([
      'filters.scorecards.portfolio_id: Invalid input: expected string, received undefined',
    ]);
  });
});
