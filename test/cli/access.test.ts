import { sampleAudit, sampleKey, sampleWorkspace } from '../support/api-samples';
import { runCli, type CliResult } from '../support/cli';
import { answer, page, problem, ScriptedApi } from '../support/scripted-api';

let api: ScriptedApi;
beforeAll(async () => {
  api = await ScriptedApi.start();
});
beforeEach(() => {
  api.reset();
});
afterAll(() => api.close());

function run(...args: string[]): Promise<CliResult> {
  return runCli(args, api.environment);
}

describe.each([
  ['keys list', 'GET /v1/api-keys', sampleKey, /\nabcdefghijkl +CI +sender +active +\d+d +start\n$/],
  ['workspaces list', 'GET /v1/workspaces', sampleWorkspace, /\nteam-b +Team B +\d+d\n$/],
  [
    'audit',
    'GET /v1/audit',
    sampleAudit,
    /\n2026-11-23T08:00:00\.000Z +key\/abcdefghijkl +rule\.updated +open-ticket +\{"from":2,"to":3\}\n$/,
  ],
])('%s', (command, route, item, row) => {
  beforeEach(() => {
    api.on(route, page(item));
  });

  it('prints a table', async () => {
    const { code, stdout } = await run(...command.split(' '));
    expect(stdout).toMatch(row);
    expect(code).toBe(0);
  });

  it('with --json prints what the API answers', async () => {
    expect(JSON.parse((await run(...command.split(' '), '--json')).stdout)).toEqual(page(item));
  });
});

it('audit asks for what its options say', async () => {
  api.on('GET /v1/audit', page());
  const subject = ['--subject-type', 'rule', '--subject-id', 'open-ticket'];
  const when = ['--since', '2026-11-24T04:00:00+01:00', '--until', '2026-11-25'];
  await run('audit', '--actor', 'key/abcdefghijkl', '--action', 'rule.paused', ...subject, ...when);
  expect(api.requests[0]?.query).toEqual({
    actor: 'key/abcdefghijkl',
    action: 'rule.paused',
    subject_type: 'rule',
    subject_id: 'open-ticket',
    from: '2026-11-24T03:00:00.000Z',
    to: '2026-11-25T00:00:00.000Z',
    limit: '50',
  });
});

it('audit refuses a time that is none', async () => {
  const { code, stderr } = await run('audit', '--since', 'soon');
  expect(stderr).toContain("option '--since <time>' argument 'soon' is invalid");
  expect(code).toBe(2);
});

it('keys list shows which are revoked', async () => {
  api.on('GET /v1/api-keys', page({ ...sampleKey, revoked_at: '2026-11-23T00:00:00.000Z' }));
  expect((await run('keys', 'list')).stdout).toMatch(/ revoked /);
});

describe('keys create', () => {
  const created = { ...sampleKey, key: 'rwk_abcdefghijkl_verysecret' };
  const args = ['keys', 'create', '--name', 'CI', '--role', 'sender'];
  beforeEach(() => {
    api.on('POST /v1/api-keys', answer(201, created));
  });

  it('prints the key alone, so that a script can take it', async () => {
    const { code, stdout, stderr } = await run(...args);
    expect(api.bodies('POST /v1/api-keys')).toEqual([{ name: 'CI', role: 'sender' }]);
    expect(stdout).toBe('rwk_abcdefghijkl_verysecret\n');
    expect(stderr).toBe('Key abcdefghijkl (sender). It is shown this once:\n');
    expect(code).toBe(0);
  });

  it('with --json prints what the API answers', async () => {
    expect(JSON.parse((await run(...args, '--json')).stdout)).toEqual(created);
  });

  it.each([
    ['an unknown role', ['keys', 'create', '--name', 'CI', '--role', 'king']],
    ['no role', ['keys', 'create', '--name', 'CI']],
    ['no name', ['keys', 'create', '--role', 'sender']],
  ])('refuses %s with 2', async (_what, wrong) => {
    expect((await run(...wrong)).code).toBe(2);
  });
});

describe('keys revoke', () => {
  it('revokes', async () => {
    api.on('DELETE /v1/api-keys/abcdefghijkl', answer(204));
    expect(await run('keys', 'revoke', 'abcdefghijkl')).toEqual({
      code: 0,
      stdout: 'Revoked abcdefghijkl\n',
      stderr: '',
    });
  });

  it('ends with 6 for the key that asks', async () => {
    api.on('DELETE /v1/api-keys/abcdefghijkl', problem(409, 'A key cannot revoke itself.'));
    expect((await run('keys', 'revoke', 'abcdefghijkl')).code).toBe(6);
  });
});

describe('workspaces create', () => {
  const created = { ...sampleWorkspace, key: 'rwk_mnopqrstuvwx_verysecret' };
  beforeEach(() => {
    api.on('POST /v1/workspaces', answer(201, created));
  });

  it('prints its first key alone', async () => {
    const { stdout, stderr } = await run('workspaces', 'create', 'team-b', '--name', 'Team B');
    expect(api.bodies('POST /v1/workspaces')).toEqual([{ id: 'team-b', name: 'Team B' }]);
    expect(stdout).toBe('rwk_mnopqrstuvwx_verysecret\n');
    expect(stderr).toContain('Workspace team-b.');
  });

  it('with --json prints what the API answers', async () => {
    expect(JSON.parse((await run('workspaces', 'create', 'team-b', '--json')).stdout)).toEqual(created);
  });

  it('ends with 6 when there is one by that id', async () => {
    api.on('POST /v1/workspaces', problem(409, 'There is a workspace team-b.'));
    expect((await run('workspaces', 'create', 'team-b')).code).toBe(6);
  });
});
