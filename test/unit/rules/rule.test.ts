import { z } from 'zod';
import { ruleSchema } from '../../../src/rules/rule';
import { problemLines, ruleFor, ruleInput, ruleWith } from './builders';

const step = (changed: Record<string, unknown> = {}) => ({
  action: 'call_webhook',
  url: 'https://example.com/hook',
  ...changed,
});
const eventRule = (changed: Record<string, unknown>) => ruleWith({ filters: undefined, ...changed });
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

describe('a rule that listens to a sender’s own events', () => {
  it.each([
    ['for any scorecard or none', { event: { type: 'invoice.*' } }],
    ['for a group of scorecards', { event: { type: '*' }, filters: { scorecards: { value: 'followed' } } }],
    ['with a filter', { event: { type: 'invoice.paid', filter: { amount: { $gt: 5 } } } }],
  ])('is taken %s', (_case, changed) => {
    expect(eventRule(changed)).toMatchObject(changed);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'neither an event nor changes',
      { filters: undefined },
      'filters: is missing: a rule has filters (with changes and scorecards), an event or a schedule',
    ],
    [
      'scorecards alone',
      { filters: { scorecards: { value: 'followed' } } },
      'filters.changes: is missing: a rule has filters.changes, an event or a schedule',
    ],
    [
      'both',
      { event: { type: 'invoice.paid' } },
      'event: must not stand beside filters.changes: a rule waits for either the one or the other',
    ],
    [
      'the event of scorecards',
      { filters: undefined, event: { type: 'scorecard.changed' } },
      'event.type: "scorecard.changed" is what a rule with filters.changes listens to',
    ],
    [
      'half a wildcard',
      { filters: undefined, event: { type: 'invoice.p*' } },
      'event.type: must be names of a-z, 0-9, "_" and "-", or "*", with dots between them',
    ],
    [
      'a filter that cannot be',
      { filters: undefined, event: { type: 'a', filter: { a: { $where: 'x' } } } },
      'event.filter.a["$where"]: is not an operator of filters',
    ],
  ])('is refused with %s', (_case, changed, problem) => {
    expect(problemLines(ruleSchema, ruleInput(changed))).toEqual([problem]);
  });
});

describe('the owner', () => {
  it('may be a member', () => {
    expect(ruleWith({ owner: { member: 'ada' } }).owner).toEqual({ member: 'ada' });
  });

  it.each<[unknown, string[]]>([
    [
      { member: 'Ada' },
      ['owner.member: must be 1 to 64 of a-z, 0-9, "_" and "-", and begin with a letter or digit'],
    ],
    [{ member: 'ada', email: 'ada@example.com' }, ['owner.member: is not a known key']],
    [{}, ['owner.email: Invalid input: expected string, received undefined']],
    ['ada', ['owner: Invalid input: expected object, received string']],
  ])('is not %j', (owner, problems) => {
    expect(problemLines(ruleSchema, ruleInput({ owner }))).toEqual(problems);
  });
});

describe('what a step sends', () => {
  const stepProblems = (changed: Record<string, unknown>) =>
    problemLines(ruleSchema, ruleInput({ steps: [step(changed)] }));
  const headerProblems = (headers: unknown) => stepProblems({ headers });

  it('goes out with POST unless another method is told', () => {
    expect(ruleWith({ steps: [step(), step({ method: 'PUT' })] }).steps.map(({ method }) => method)).toEqual([
      'POST',
      'PUT',
    ]);
  });

  it('may have headers, a condition and a body of its own', () => {
    const own = {
      headers: { 'X-Team': 'risk & co', accept: 'application/json' },
      if: { 'trigger.type': 'grade_drop' },
      body: { text: 'to {{ trigger.current.grade }}', list: [1, null] },
    };
    expect(ruleWith({ steps: [step(own)] }).steps[0]).toMatchObject(own);
  });

  it.each([
    [
      'Authorization',
      'must not be set here: a rule is read by everybody, so credentials do not belong in it',
    ],
    ['cookie', 'must not be set here: a rule is read by everybody, so credentials do not belong in it'],
    [
      'Proxy-Authorization',
      'must not be set here: a rule is read by everybody, so credentials do not belong in it',
    ],
    ['Host', 'follows from the request, so it cannot be set'],
    ['content-length', 'follows from the request, so it cannot be set'],
    ['Transfer-Encoding', 'belongs to the connection, which is not for a rule to decide'],
    ['connection', 'belongs to the connection, which is not for a rule to decide'],
    ['webhook-id', 'is reserved: "webhook-" headers are those of the signature'],
  ])('has no header %s', (name, reason) => {
    expect(headerProblems({ [name]: 'x' })).toEqual([`steps[0].headers.${name}: ${reason}`]);
  });

  it.each(['', 'x y', 'x:', 'ä', 'x\r\ny'])('has no header named %j', (name) => {
    expect(headerProblems({ [name]: 'x' })).toEqual([
      expect.stringMatching(/: is not the name of a header$/),
    ]);
  });

  it.each(['', ' x', 'x ', 'a\r\nb: c', 'a\tb', 'ä', '\0'])('has no header of the value %j', (value) => {
    expect(headerProblems({ x: value })).toEqual([
      'steps[0].headers.x: must be one line of visible ASCII characters, at least one',
    ]);
  });

  it('has each header once', () => {
    expect(headerProblems({ x: '1', X: '2' })).toEqual([
      'steps[0].headers.X: is there twice: names of headers have no case',
    ]);
  });

  it('has at most 20 headers', () => {
    const headers = Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`x-${n}`, '1']));
    expect(headerProblems(headers)).toEqual(['steps[0].headers: must not be more than 20 headers']);
  });

  it('has at most 4 KB of headers', () => {
    expect(headerProblems({ x: 'x'.repeat(4_096) })).toEqual([
      'steps[0].headers: must not be longer than 4096 characters in all',
    ]);
  });

  it('has no body with GET', () => {
    expect(stepProblems({ method: 'GET', body: {} })).toEqual(['steps[0].body: cannot be sent with GET']);
  });

  it('has no condition that could never be told', () => {
    expect(stepProblems({ if: { trigger: { $expr: 1 } } })).toEqual([
      'steps[0].if.trigger["$expr"]: is not an operator of filters',
    ]);
  });
});

describe('the schema of rules', () => {
  it('can be told in JSON Schema, for the API’s document', () => {
    expect(z.toJSONSchema(ruleSchema, { io: 'input' })).toMatchObject({
      type: 'object',
      required: ['id', 'name', 'owner', 'steps'],
      additionalProperties: false,
    });
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
