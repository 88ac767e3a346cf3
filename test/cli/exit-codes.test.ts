import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT_CODES } from '../../src/cli/exit-codes';
import { runCli } from '../support/cli';
import { answer, page, problem, ScriptedApi } from '../support/scripted-api';

let api: ScriptedApi;
beforeAll(async () => {
  api = await ScriptedApi.start();
});
beforeEach(() => {
  api.reset();
});
afterAll(() => api.close());

it.each([
  [400, 2],
  [401, 5],
  [403, 5],
  [404, 4],
  [405, 1],
  [409, 6],
  [412, 6],
  [413, 2],
  [415, 2],
  [422, 2],
  [500, 1],
  [503, 7],
])('an answer %d ends with %d, and its detail in one line', async (status, code) => {
  api.on('GET /v1/rules', problem(status, 'What there is\nto say.'));
  const result = await runCli(['rules', 'list'], api.environment);
  const request = status === 500 ? ' (request req-1)' : '';
  expect(result).toEqual({ code, stdout: '', stderr: `What there is to say.${request}\n` });
});

it.each([
  ['a page of a proxy', answer(502, '<html>'), 7, /: answered 502\n$/],
  [
    'a page of another program',
    answer(200),
    1,
    /: answered 200 with what is no JSON; is it the address of this API\?\n$/,
  ],
  [
    'a redirection',
    answer(301, undefined, { location: 'http://127.0.0.1:1' }),
    1,
    /: answered 301, and not as this API does\n$/,
  ],
])('%s is told from an answer of the API', async (_what, script, code, message) => {
  api.on('GET /v1/executions/count', script);
  const result = await runCli(['executions', 'count'], api.environment);
  expect(result.stderr).toMatch(message);
  expect(result.code).toBe(code);
});

it('waits when there are too many requests, as the service asks', async () => {
  api.on('GET /v1/rules', (...args: Parameters<ReturnType<typeof problem>>) =>
    api.requests.length < 3 ? problem(429, 'x', [], { 'retry-after': '0' })(...args) : page(),
  );
  expect((await runCli(['rules', 'list'], api.environment)).code).toBe(0);
  expect(api.requests).toHaveLength(3);
});

it('ends with 7 when there are too many for long', async () => {
  api.on('GET /v1/rules', problem(429, 'There may be 200 requests a second.', [], { 'retry-after': '600' }));
  const result = await runCli(['rules', 'list'], api.environment);
  expect(result).toEqual({ code: 7, stdout: '', stderr: 'There may be 200 requests a second.\n' });
});

it('an answer that breaks off ends with 7', async () => {
  api.on(
    'GET /v1/rules',
    (
      _request: unknown,
      response: {
        writeHead: (...args: unknown[]) => void;
        write: (text: string) => void;
        destroy: () => void;
      },
    ) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{');
      setImmediate(() => {
        response.destroy();
      });
    },
  );
  expect((await runCli(['rules', 'list'], api.environment)).code).toBe(7);
});

it('README.md has the same exit codes', () => {
  const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| (\d+) +\| (.*?) +\|$/gm)].map(([, code, meaning]) => ({
    code: Number(code),
    meaning,
  }));
  expect(rows).toEqual(expect.arrayContaining([...EXIT_CODES]));
});

describe('help', () => {
  it('has each exit code', async () => {
    const { code, stdout } = await runCli(['--help']);
    for (const each of EXIT_CODES) expect(stdout).toContain(`\n  ${String(each.code)} `);
    expect(code).toBe(0);
  });

  it('of a command has the options that all commands take', async () => {
    const { code, stdout } = await runCli(['rules', 'apply', '--help']);
    expect(stdout).toMatch(/--dry-run[^]*Global Options:[^]*--key-file/);
    expect(code).toBe(0);
  });
});

it.each([
  ['no command', []],
  ['no command of a group', ['rules']],
  ['an unknown command', ['rulez']],
  ['an unknown command of a group', ['rules', 'lst']],
  ['an unknown option', ['rules', 'list', '--frobnicate']],
  ['an argument too many', ['rules', 'list', 'x']],
  ['an option without its value', ['rules', 'list', '--limit']],
])('%s is wrong use: exit code 2', async (_what, args) => {
  expect((await runCli(args)).code).toBe(2);
});

it('no option takes a key itself, which a list of processes would show', async () => {
  const { stdout } = await runCli(['rules', 'list', '--help']);
  expect(stdout.match(/--[\w-]*key[\w-]*/g)).toEqual(['--key-file']);
});

it('--version prints the version', async () => {
  const { stdout } = await runCli(['--version']);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
