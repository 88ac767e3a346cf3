import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { sampleEventType, sampleMember, samplePortfolio, sampleScorecard } from '../support/api-samples';
import { runCli, type CliOptions, type CliResult } from '../support/cli';
import { answer, page, problem, ScriptedApi } from '../support/scripted-api';
import { temporaryFolder } from '../support/temporary-folder';

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

describe.each([
  ['scorecards list', 'GET /v1/scorecards', sampleScorecard, /\nsc-1 +example\.com +- +yes\n$/],
  ['portfolios list', 'GET /v1/portfolios', samplePortfolio, /\nvendors +Vendors +2 +3 +\d+d\n$/],
  [
    'portfolios show vendors',
    'GET /v1/portfolios/vendors/scorecards',
    sampleScorecard,
    /\nsc-1 +example\.com +- +yes\n$/,
  ],
  ['members list', 'GET /v1/members', sampleMember, /\nada +Ada Lovelace +ada@example\.com +\d+d\n$/],
  [
    'event-types list',
    'GET /v1/event-types',
    sampleEventType,
    /\ninvoice\.paid +An invoice was paid +yes +\d+d\n$/,
  ],
])('%s', (command, route, item, row) => {
  beforeEach(() => {
    api.on(route, page(item));
  });

  it('prints a table', async () => {
    const { code, stdout } = await run(command.split(' '));
    expect(stdout).toMatch(row);
    expect(code).toBe(0);
  });

  it('with --json prints what the API answers', async () => {
    expect(JSON.parse((await run([...command.split(' '), '--json'])).stdout)).toEqual(page(item));
  });
});

it('scorecards list asks for what its options say', async () => {
  api.on('GET /v1/scorecards', page());
  await run(['scorecards', 'list', '--mine', '--domain', 'example.com', '--limit', '7']);
  expect(api.requests[0]?.query).toEqual({ mine: 'true', domain: 'example.com', limit: '7' });
});

describe.each([
  ['scorecards', 'DELETE /v1/scorecards/x'],
  ['portfolios', 'DELETE /v1/portfolios/x'],
  ['members', 'DELETE /v1/members/x'],
  ['event-types', 'DELETE /v1/event-types/x'],
])('%s delete', (group, route) => {
  it('deletes', async () => {
    api.on(route, answer(204));
    expect(await run([group, 'delete', 'x'])).toEqual({ code: 0, stdout: 'Deleted x\n', stderr: '' });
  });

  it('ends with 6 when it is in use', async () => {
    api.on(route, problem(409, 'The rule open-ticket names it.'));
    expect(await run([group, 'delete', 'x'])).toEqual({
      code: 6,
      stdout: '',
      stderr: 'The rule open-ticket names it.\n',
    });
  });
});

describe('scorecards import', () => {
  const counts = { created: 2, updated: 0, unchanged: 0 };

  it('sends what a CSV file holds', async () => {
    api.on('POST /v1/scorecards/import', counts);
    const csv = file(
      's.csv',
      '\uFEFFid,domain,followed\r\nsc-1,example.com,yes\r\n"sc,2",example.org,no\r\n',
    );
    const { code, stdout } = await run(['scorecards', 'import', csv, '--portfolio', 'vendors']);
    expect(api.bodies('POST /v1/scorecards/import')).toEqual([
      {
        scorecards: [
          { id: 'sc-1', domain: 'example.com', followed: true },
          { id: 'sc,2', domain: 'example.org', followed: false },
        ],
        portfolio: 'vendors',
      },
    ]);
    expect(stdout).toBe('2 scorecards: 2 created, 0 updated, 0 unchanged\n');
    expect(code).toBe(0);
  });

  it('sends what JSON on the standard input holds, and with --json prints the counts', async () => {
    api.on('POST /v1/scorecards/import', counts);
    const { stdout } = await run(['scorecards', 'import', '-', '--json'], {
      stdin: '[{"id":"a"},{"id":"b"}]',
    });
    expect(api.bodies('POST /v1/scorecards/import')).toEqual([{ scorecards: [{ id: 'a' }, { id: 'b' }] }]);
    expect(JSON.parse(stdout)).toEqual(counts);
  });

  it('names the line of each bad row, ends with 2, and asks nothing of the API', async () => {
    const csv = file('s.csv', 'id,mine\na,maybe\nb,yes\na,no\n');
    const { code, stderr } = await run(['scorecards', 'import', csv]);
    expect(stderr).toMatch(/^s\.csv: line 2: mine: .+\n$/);
    expect(code).toBe(2);
    expect(api.requests).toEqual([]);
  });

  it('names the line of what the API refuses', async () => {
    const errors = [{ path: 'scorecards[1].domain', message: 'is not a domain' }];
    api.on('POST /v1/scorecards/import', problem(422, 'x', errors));
    const csv = file('s.csv', 'id,domain\na,example.com\nb,?\n');
    const { code, stderr } = await run(['scorecards', 'import', csv]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: 's.csv: line 3: domain: is not a domain\n' });
  });

  it('sends a large file in several requests, and adds their counts up', async () => {
    api.on('POST /v1/scorecards/import', ({ text }: { text: string }) => ({
      created: (JSON.parse(text) as { scorecards: unknown[] }).scorecards.length,
      updated: 0,
      unchanged: 0,
    }));
    const rows = Array.from({ length: 10_000 }, (_, index) => `scorecard-${index},host-${index}.example.com`);
    const { stdout } = await run(['scorecards', 'import', file('s.csv', `id,domain\n${rows.join('\n')}\n`)]);
    expect(stdout).toBe('10000 scorecards: 10000 created, 0 updated, 0 unchanged\n');
    expect(Math.max(...api.requests.map(({ text }) => Buffer.byteLength(text)))).toBeLessThan(262_144);
  });

  it('says how far it came when a later request fails', async () => {
    api.on('POST /v1/scorecards/import', (...args: Parameters<ReturnType<typeof problem>>) =>
      api.requests.length === 1 ? counts : problem(503, 'The database cannot be reached just now.')(...args),
    );
    const rows = Array.from({ length: 5_000 }, (_, index) => `scorecard-${index},host-${index}.example.com`);
    const { code, stderr } = await run([
      'scorecards',
      'import',
      file('s.csv', `id,domain\n${rows.join('\n')}\n`),
    ]);
    expect(stderr).toMatch(
      /cannot be reached just now\.\n\d+ of 5000 were imported; the same file again does the rest\n$/,
    );
    expect(code).toBe(7);
  });
});

describe('portfolios', () => {
  beforeEach(() => {
    api.on('GET /v1/portfolios/vendors', samplePortfolio);
  });

  it('create makes one with its first scorecards', async () => {
    api.on('PUT /v1/portfolios/vendors', answer(201, samplePortfolio));
    api.on('POST /v1/portfolios/vendors/scorecards', answer(204));
    const { code, stdout } = await run(['portfolios', 'create', 'vendors', 'a', 'b', '--name', 'Vendors']);
    expect(api.bodies('PUT /v1/portfolios/vendors')).toEqual([{ name: 'Vendors' }]);
    expect(api.bodies('POST /v1/portfolios/vendors/scorecards')).toEqual([{ scorecards: ['a', 'b'] }]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'vendors has 2 scorecards\n' });
  });

  it('create changes none that is there: exit code 6', async () => {
    api.on(
      'PUT /v1/portfolios/vendors',
      ({ headers }: { headers: Record<string, unknown> }, response: never) =>
        headers['if-none-match'] === '*' ? problem(412, 'x')({} as never, response) : samplePortfolio,
    );
    const result = await run(['portfolios', 'create', 'vendors']);
    expect(result).toEqual({ code: 6, stdout: '', stderr: 'there is a portfolio vendors already\n' });
  });

  it('add adds scorecards', async () => {
    api.on('POST /v1/portfolios/vendors/scorecards', answer(204));
    const { stdout } = await run(['portfolios', 'add', 'vendors', 'a', 'b']);
    expect(api.bodies('POST /v1/portfolios/vendors/scorecards')).toEqual([{ scorecards: ['a', 'b'] }]);
    expect(stdout).toBe('vendors has 2 scorecards\n');
  });

  it('remove takes each out, and with --json prints the portfolio', async () => {
    api.on('DELETE /v1/portfolios/vendors/scorecards/a', answer(204));
    api.on('DELETE /v1/portfolios/vendors/scorecards/b', answer(204));
    const { code, stdout } = await run(['portfolios', 'remove', 'vendors', 'a', 'b', '--json']);
    expect(JSON.parse(stdout)).toEqual(samplePortfolio);
    expect(code).toBe(0);
  });
});

describe('members add', () => {
  const args = ['members', 'add', 'ada', '--name', 'Ada Lovelace', '--email', 'ada@example.com'];

  it.each([
    [201, 'Added'],
    [200, 'Changed'],
  ])('answered with %d says "%s"', async (status, word) => {
    api.on('PUT /v1/members/ada', answer(status, sampleMember));
    const result = await run(args);
    expect(api.bodies('PUT /v1/members/ada')).toEqual([{ name: 'Ada Lovelace', email: 'ada@example.com' }]);
    expect(result).toEqual({ code: 0, stdout: `${word} ada: Ada Lovelace <ada@example.com>\n`, stderr: '' });
  });

  it('with --json prints what the API answers', async () => {
    api.on('PUT /v1/members/ada', answer(201, sampleMember));
    expect(JSON.parse((await run([...args, '--json'])).stdout)).toEqual(sampleMember);
  });

  it('names the bad field, and ends with 2', async () => {
    api.on(
      'PUT /v1/members/ada',
      problem(422, 'x', [{ path: 'email', message: 'is not an e-mail address' }]),
    );
    expect(await run(args)).toEqual({ code: 2, stdout: '', stderr: 'email: is not an e-mail address\n' });
  });

  it('without an address is wrong use: exit code 2', async () => {
    const { code, stderr } = await run(['members', 'add', 'ada', '--name', 'Ada']);
    expect(stderr).toContain('--email');
    expect(code).toBe(2);
  });
});

describe('event-types', () => {
  const yaml = 'name: invoice.paid\ndescription: An invoice was paid\nschema: {type: object}\n';

  it('apply creates one from a file', async () => {
    api.on('PUT /v1/event-types/invoice.paid', answer(201, sampleEventType));
    const result = await run(['event-types', 'apply', file('t.yaml', yaml)]);
    expect(api.bodies('PUT /v1/event-types/invoice.paid')).toEqual([parse(yaml)]);
    expect(result).toEqual({ code: 0, stdout: 'invoice.paid created (version 3)\n', stderr: '' });
  });

  it('apply with --json prints what the API answers', async () => {
    api.on('PUT /v1/event-types/invoice.paid', answer(200, sampleEventType));
    const { stdout } = await run(['event-types', 'apply', '-', '--json'], { stdin: yaml });
    expect(JSON.parse(stdout)).toEqual(sampleEventType);
  });

  it('apply names the file and the path of a problem', async () => {
    const errors = [{ path: 'schema.type', message: 'must be equal to one of the allowed values' }];
    api.on('PUT /v1/event-types/invoice.paid', problem(422, 'x', errors));
    const { code, stderr } = await run(['event-types', 'apply', file('t.yaml', yaml)]);
    expect(stderr).toBe('t.yaml: schema.type: must be equal to one of the allowed values\n');
    expect(code).toBe(2);
  });

  it('apply refuses a file without a name', async () => {
    const result = await run(['event-types', 'apply', file('t.yaml', 'schema: {}')]);
    expect(result).toEqual({
      code: 2,
      stdout: '',
      stderr: 't.yaml: name: must be the name of an event type\n',
    });
  });

  it('show prints YAML that can be applied again', async () => {
    api.on('GET /v1/event-types/invoice.paid', sampleEventType);
    expect(parse((await run(['event-types', 'show', 'invoice.paid'])).stdout)).toEqual(parse(yaml));
  });

  it('show with --json prints what the API answers', async () => {
    api.on('GET /v1/event-types/invoice.paid', sampleEventType);
    const { stdout } = await run(['event-types', 'show', 'invoice.paid', '--json']);
    expect(JSON.parse(stdout)).toEqual(sampleEventType);
  });
});
