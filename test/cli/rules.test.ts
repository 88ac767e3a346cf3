import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  deliveredProgress,
  escalatedProgress,
  EXECUTION_ID,
  sampleAccepted,
  sampleEventRule,
  sampleRule,
} from '../support/api-samples';
import { runCli, type CliOptions, type CliResult } from '../support/cli';
import { answer, page, problem, ScriptedApi, stream } from '../support/scripted-api';
import { temporaryFolder } from '../support/temporary-folder';

const EVENT = join(__dirname, '../../examples/scorecard_changed.json');

let api: ScriptedApi;
let folder: string;
beforeAll(async () => {
  api = await ScriptedApi.start();
});
beforeEach(() => {
  api.reset();
  folder = temporaryFolder();
});
afterAll(() => api.close());

function run(args: string[], options: CliOptions = {}): Promise<CliResult> {
  return runCli(args, api.environment, { cwd: folder, ...options });
}

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

describe('rules list', () => {
  beforeEach(() => {
    api.on('GET /v1/rules', page(sampleRule, sampleEventRule));
  });

  it('shows what each rule listens to, and whether it is paused', async () => {
    const { code, stdout } = await run(['rules', 'list']);
    expect(stdout).toMatch(/^RULE +NAME +ON +SCORECARDS +STEPS +STATE +NEXT +VERSION +CHANGED\n/);
    expect(stdout).toMatch(
      /\nopen-ticket +Open a ticket +score_drop_threshold +followed +1 +active +- +3 +\d+[smhd]\n/,
    );
    expect(stdout).toMatch(/\ninvoices +Tell finance +invoice\.\* +- +2 +paused +- +3 /);
    expect(code).toBe(0);
  });

  it('with --json prints what the API answers, wherever the option stands', async () => {
    const [before, after] = await Promise.all([
      run(['--json', 'rules', 'list']),
      run(['rules', 'list', '--json']),
    ]);
    expect(JSON.parse(before.stdout)).toEqual(page(sampleRule, sampleEventRule));
    expect(after.stdout).toBe(before.stdout);
  });

  it('says that there are none, but not among the results', async () => {
    api.on('GET /v1/rules', page());
    expect(await run(['rules', 'list'])).toEqual({ code: 0, stdout: '', stderr: 'No rules.\n' });
  });

  it('fetches as many pages as --limit needs', async () => {
    api.on('GET /v1/rules', ({ query }: { query: Record<string, string> }) => {
      const items = Array.from({ length: Number(query['limit']) }, (_, index) => ({
        ...sampleRule,
        id: `r-${index}`,
      }));
      return { items, next_cursor: 'next' };
    });
    const { stdout, stderr } = await run(['rules', 'list', '--limit', '250']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(251);
    expect(api.requests.map(({ query }) => query)).toEqual([
      { limit: '200' },
      { limit: '50', cursor: 'next' },
    ]);
    expect(stderr).toBe('There are more: --all, or --cursor next\n');
  });

  it('with --all fetches all of them, from --cursor on', async () => {
    const next: Record<string, string | null> = { here: 'there', there: null };
    api.on('GET /v1/rules', ({ query }: { query: Record<string, string> }) => ({
      items: [sampleRule],
      next_cursor: next[query['cursor'] ?? ''],
    }));
    const { stdout } = await run(['rules', 'list', '--all', '--cursor', 'here', '--json']);
    expect(JSON.parse(stdout)).toEqual(page(sampleRule, sampleRule));
  });
});

describe('rules show', () => {
  it('prints YAML that can be applied again', async () => {
    api.on('GET /v1/rules/open-ticket', sampleRule);
    const { code, stdout } = await run(['rules', 'show', 'open-ticket']);
    expect(stdout).toMatch(/^# version 3, 2026-11-23T08:00:00\.000Z, by key\/abcdefghijkl\n/);
    const { id, name, owner, filters, steps } = sampleRule;
    expect(parse(stdout)).toEqual({ id, name, owner, filters, steps });
    expect(code).toBe(0);
  });

  it('with --json prints what the API answers', async () => {
    api.on('GET /v1/rules/open-ticket', sampleRule);
    expect(JSON.parse((await run(['rules', 'show', 'open-ticket', '--json'])).stdout)).toEqual(sampleRule);
  });

  it('of a rule that is not there ends with 4', async () => {
    api.on('GET /v1/rules/nowhere', problem(404, 'There is no such rule.'));
    expect(await run(['rules', 'show', 'nowhere'])).toEqual({
      code: 4,
      stdout: '',
      stderr: 'There is no such rule.\n',
    });
  });

  it.each([
    ['a/b?c#d', '/v1/rules/a%2Fb%3Fc%23d'],
    ['..', '/v1/rules/%2E%2E'],
  ])('asks for %s and for nothing else', async (id, path) => {
    await run(['rules', 'show', id]);
    // What the server makes of the path is its own; what was asked for must not be the list of rules.
    expect(api.requests.map((request) => request.path)).toEqual([new URL(path, api.url).pathname]);
  });

  it('refuses an empty id', async () => {
    expect((await run(['rules', 'show', ''])).code).toBe(2);
  });
});

describe('rules apply', () => {
  const applied = {
    dry_run: false,
    rules: [
      { id: 'a', outcome: 'created', version: 1 },
      { id: 'b', outcome: 'unchanged', version: 4 },
    ],
    scorecards: { created: 2, updated: 1, unchanged: 0 },
    portfolios: [{ id: 'vendors', outcome: 'updated' }],
  };

  it('sends all files as one document, and shows what became of it', async () => {
    api.on('PUT /v1/rules', applied);
    const { code, stdout } = await run([
      'rules',
      'apply',
      file('a.yaml', 'rules: [{id: a}]\nscorecards: {mine: [example.com]}'),
      file('b.json', '{"id":"b","steps":[]}'),
    ]);
    expect(api.bodies('PUT /v1/rules')).toEqual([
      {
        rules: [{ id: 'a' }, { id: 'b', steps: [] }],
        scorecards: { mine: ['example.com'], followed: [] },
        portfolios: [],
        issue_types: {},
      },
    ]);
    expect(stdout).toBe(
      [
        'WHAT       ID       OUTCOME    VERSION',
        'rule       a        created          1',
        'rule       b        unchanged        4',
        'portfolio  vendors  updated          -',
        'Scorecards: 2 created, 1 updated, 0 unchanged',
        '',
      ].join('\n'),
    );
    expect(code).toBe(0);
  });

  it('reads the standard input as "-"', async () => {
    api.on('PUT /v1/rules', applied);
    await run(['rules', 'apply', '-'], { stdin: 'rules: [{id: piped}]' });
    expect(api.bodies('PUT /v1/rules')).toEqual([expect.objectContaining({ rules: [{ id: 'piped' }] })]);
  });

  it('with --dry-run changes nothing, and says so', async () => {
    api.on('PUT /v1/rules', { ...applied, dry_run: true });
    const { stdout } = await run(['rules', 'apply', '--dry-run', file('a.yaml', 'rules: []')]);
    expect(api.to('PUT /v1/rules').map(({ query }) => query)).toEqual([{ dry_run: 'true' }]);
    expect(stdout).toMatch(/Nothing was changed: this was a dry run\.\n$/);
  });

  it('with --json prints what the API answers', async () => {
    api.on('PUT /v1/rules', applied);
    const { stdout } = await run(['rules', 'apply', '--json', file('a.yaml', 'rules: []')]);
    expect(JSON.parse(stdout)).toEqual(applied);
  });

  it('names the file and the path of each problem that the API finds, and ends with 2', async () => {
    api.on(
      'PUT /v1/rules',
      problem(422, 'The document is not valid; see "errors".', [
        { path: 'rules[0].owner', message: 'is required' },
        { path: 'rules[1].steps[0].url', message: 'must begin with https:// or http://' },
      ]),
    );
    const files = [file('a.yaml', 'rules: [{id: a}]'), file('b.yaml', 'id: b\nsteps: []')];
    expect(await run(['rules', 'apply', ...files])).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'a.yaml: rules[0].owner: is required\nb.yaml: steps[0].url: must begin with https:// or http://\n',
    });
  });

  it.each([
    ['an absent file', 'nowhere.yaml', '', /^nowhere\.yaml: cannot be read: ENOENT/],
    ['a folder', '.', '', /^\.: cannot be read: EISDIR/],
    ['no YAML', 'x.yaml', 'a: [', /^x\.yaml: is no YAML: .+ at line 1, column \d+\n$/],
    ['no UTF-8', 'x.yaml', '\uFFFF', /^x\.yaml: is not UTF-8 text/],
    ['more than 1 MB', 'x.yaml', ' '.repeat(1_048_577), /^x\.yaml: is larger than 1048576 bytes/],
    ['an unknown key', 'x.yaml', 'rulez: []', /^x\.yaml: rulez: is not a known key/],
  ])('refuses %s with 2, and asks nothing of the API', async (_what, name, content, message) => {
    if (content !== '') {
      writeFileSync(join(folder, name), content === '\uFFFF' ? Buffer.from([0xff, 0xfe, 0x41]) : content);
    }
    const { code, stderr } = await run(['rules', 'apply', name]);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(api.requests).toEqual([]);
  });
});

describe('rules test', () => {
  const accepted = { ...sampleAccepted, matched: 1, executions: sampleAccepted.executions.slice(0, 1) };
  beforeEach(() => {
    api.on('POST /v1/rules/open-ticket/test', answer(202, accepted));
  });

  it('runs the rule with an event that the API makes up', async () => {
    const { code, stdout } = await run(['rules', 'test', 'open-ticket']);
    expect(api.to('POST /v1/rules/open-ticket/test').map(({ text }) => text)).toEqual(['']);
    expect(stdout).toContain(`rule-execution/${EXECUTION_ID}`);
    expect(code).toBe(0);
  });

  it('runs it with an event from a file, to the last digit', async () => {
    const text = '{"type":"invoice.paid","data":{"id":9223372036854775807}}';
    await run(['rules', 'test', 'open-ticket', '--event', file('e.json', text)]);
    expect(api.to('POST /v1/rules/open-ticket/test').map((request) => request.text)).toEqual([text]);
  });

  it('with --json prints what the API answers', async () => {
    expect(JSON.parse((await run(['rules', 'test', 'open-ticket', '--json'])).stdout)).toEqual(accepted);
  });

  it.each([
    ['delivered', deliveredProgress, 0],
    ['escalated', escalatedProgress, 1],
  ])(
    'with --follow follows it until it is %s, and ends with the code for that',
    async (status, progress, code) => {
      api.on(`GET /v1/executions/${EXECUTION_ID}/follow`, stream(progress));
      const result = await run(['rules', 'test', 'open-ticket', '--follow']);
      expect(result.stdout).toContain(`open-ticket  ■ ${status}\n`);
      expect(result.code).toBe(code);
    },
  );

  it('ends with 3 when the event does not match', async () => {
    const none = { ...accepted, matched: 0, executions: [] };
    api.on('POST /v1/rules/open-ticket/test', answer(202, none));
    expect((await run(['rules', 'test', 'open-ticket', '--event', EVENT])).code).toBe(3);
  });
});

describe('rules explain', () => {
  it('says why the event matches', async () => {
    api.on('POST /v1/rules/open-ticket/explain', {
      matches: true,
      reason: 'score fell from 90 to 78',
      trigger: {},
    });
    const result = await run(['rules', 'explain', 'open-ticket', EVENT]);
    expect(result).toEqual({ code: 0, stdout: 'open-ticket: score fell from 90 to 78\n', stderr: '' });
  });

  it('says why it does not, and ends with 3', async () => {
    api.on('POST /v1/rules/open-ticket/explain', { matches: false, reason: 'example.com is not followed' });
    const result = await run(['rules', 'explain', 'open-ticket', EVENT]);
    expect(result).toEqual({
      code: 3,
      stdout: 'open-ticket: no match, example.com is not followed\n',
      stderr: '',
    });
  });

  it('with --json prints what the API answers', async () => {
    const explanation = { matches: true, reason: 'score fell', trigger: { type: 'score_drop' } };
    api.on('POST /v1/rules/open-ticket/explain', explanation);
    expect(JSON.parse((await run(['rules', 'explain', 'open-ticket', EVENT, '--json'])).stdout)).toEqual(
      explanation,
    );
  });

  it('names the file of a bad event', async () => {
    api.on(
      'POST /v1/rules/open-ticket/explain',
      problem(422, 'x', [{ path: 'domain', message: 'must be a host name' }]),
    );
    const { code, stderr } = await run(['rules', 'explain', 'open-ticket', file('e.json', '{}')]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'e.json: domain: must be a host name\n' });
  });
});

describe.each([
  ['pause', { ...sampleRule, paused_at: '2026-11-24T00:00:00Z' }, 'paused'],
  ['resume', sampleRule, 'active'],
])('rules %s', (verb, rule, state) => {
  beforeEach(() => {
    api.on(`POST /v1/rules/open-ticket/${verb}`, rule);
  });

  it('says how the rule stands', async () => {
    const result = await run(['rules', verb, 'open-ticket']);
    expect(result).toEqual({ code: 0, stdout: `open-ticket is ${state} (version 3)\n`, stderr: '' });
  });

  it('with --json prints what the API answers', async () => {
    expect(JSON.parse((await run(['rules', verb, 'open-ticket', '--json'])).stdout)).toEqual(rule);
  });
});

describe('rules delete', () => {
  it('deletes', async () => {
    api.on('DELETE /v1/rules/open-ticket', answer(204));
    const result = await run(['rules', 'delete', 'open-ticket']);
    expect(result).toEqual({ code: 0, stdout: 'Deleted open-ticket\n', stderr: '' });
  });

  it('with --json prints nothing, as the API answers nothing', async () => {
    api.on('DELETE /v1/rules/open-ticket', answer(204));
    expect(await run(['rules', 'delete', 'open-ticket', '--json'])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('with --if-version ends with 6 when somebody else has changed it', async () => {
    api.on('DELETE /v1/rules/open-ticket', problem(412, 'It has version 4.'));
    const result = await run(['rules', 'delete', 'open-ticket', '--if-version', '3']);
    expect(api.requests[0]?.headers['if-match']).toBe('"3"');
    expect(result).toEqual({ code: 6, stdout: '', stderr: 'It has version 4.\n' });
  });
});

describe('rules versions', () => {
  const version = {
    version: 3,
    action: 'updated',
    document: { id: 'open-ticket', name: 'Open a ticket' },
    changed_at: '2026-11-23T08:00:00.000Z',
    changed_by: 'key/abcdefghijkl',
  };
  beforeEach(() => {
    api.on('GET /v1/rules/open-ticket/versions', page(version));
  });

  it('lists who changed the rule when', async () => {
    const { stdout } = await run(['rules', 'versions', 'open-ticket']);
    expect(stdout).toMatch(/\n +3 +updated +Open a ticket +2026-11-23T08:00:00\.000Z +key\/abcdefghijkl\n$/);
  });

  it('with --json prints what the API answers', async () => {
    expect(JSON.parse((await run(['rules', 'versions', 'open-ticket', '--json'])).stdout)).toEqual(
      page(version),
    );
  });

  it('shows one of them as YAML', async () => {
    const { stdout } = await run(['rules', 'versions', 'open-ticket', '--show', '3']);
    expect(parse(stdout)).toEqual(version.document);
  });

  it('ends with 4 when there is no such version', async () => {
    expect((await run(['rules', 'versions', 'open-ticket', '--show', '9'])).code).toBe(4);
  });
});
