import { runCli, type CliResult } from '../support/cli';
import { answer, problem, ScriptedApi } from '../support/scripted-api';

const link = {
  url: 'http://127.0.0.1:7333/sign-in#token=abc',
  expires_at: '2026-11-23T08:05:00.000Z',
};

let api: ScriptedApi;
beforeAll(async () => {
  api = await ScriptedApi.start();
});
beforeEach(() => {
  api.reset();
  api.on('POST /v1/session-links', answer(201, link));
});
afterAll(() => api.close());

function run(...args: string[]): Promise<CliResult> {
  return runCli(['dashboard', ...args], api.environment);
}

it.each([[[]], [['--print']]])('prints the link alone, so that a script can take it (%j)', async (args) => {
  const { code, stdout, stderr } = await run(...args);
  expect(stdout).toBe(`${link.url}\n`);
  expect(stderr).toBe('This link signs in once, within 5 minutes:\n');
  expect(code).toBe(0);
});

it('with --json prints what the API answers', async () => {
  expect(JSON.parse((await run('--json')).stdout)).toEqual(link);
});

it('ends with the reason when the key may not sign in', async () => {
  api.on('POST /v1/session-links', problem(403, 'A key of the role sender may not do this.'));
  const { code, stderr } = await run();
  expect(stderr).toMatch(/A key of the role sender may not do this/);
  expect(code).not.toBe(0);
});
