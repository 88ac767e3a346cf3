import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../support/cli';
import { page, ScriptedApi } from '../support/scripted-api';
import { temporaryFolder } from '../support/temporary-folder';

let api: ScriptedApi;
let folder: string;
beforeAll(async () => {
  api = await ScriptedApi.start();
});
beforeEach(() => {
  api.reset();
  api.on('GET /v1/rules', page());
  folder = temporaryFolder();
});
afterAll(() => api.close());

/** What a running service leaves. */
function announce(dataFolder: string, key = 'rwk_of_the_folder'): void {
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(join(dataFolder, 'service.json'), JSON.stringify({ url: api.url, pid: 1, startedAt: '' }));
  writeFileSync(join(dataFolder, 'admin-key'), `${key}\n`);
}

async function keyUsed(args: string[], environment: Record<string, string>): Promise<string | undefined> {
  const { code, stderr } = await runCli(['rules', 'list', ...args], environment, { cwd: folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'No rules.\n' });
  return api.requests.at(-1)?.headers['authorization']?.toString();
}

describe('the service and its key', () => {
  it('are found in ./data', async () => {
    announce(join(folder, 'data'));
    expect(await keyUsed([], {})).toBe('Bearer rwk_of_the_folder');
  });

  it('are found in DATA_DIR', async () => {
    announce(join(folder, 'elsewhere'));
    expect(await keyUsed([], { DATA_DIR: 'elsewhere' })).toBe('Bearer rwk_of_the_folder');
  });

  it('are found in --data-dir before DATA_DIR', async () => {
    announce(join(folder, 'elsewhere'));
    expect(await keyUsed(['--data-dir', 'elsewhere'], { DATA_DIR: 'nowhere' })).toBe(
      'Bearer rwk_of_the_folder',
    );
  });

  it('are taken from the environment before that', async () => {
    announce(join(folder, 'data'), 'rwk_not_this');
    expect(await keyUsed([], api.environment)).toBe(
      `Bearer ${api.environment['RULE_WEBHOOKS_API_KEY'] ?? ''}`,
    );
  });

  it('are taken from options before that', async () => {
    writeFileSync(join(folder, 'key'), 'rwk_of_the_file\n');
    const environment = { RULE_WEBHOOKS_URL: 'http://127.0.0.1:1', RULE_WEBHOOKS_API_KEY: 'rwk_not_this' };
    expect(await keyUsed(['--url', api.url, '--key-file', 'key'], environment)).toBe(
      'Bearer rwk_of_the_file',
    );
  });

  it('may be behind a path', async () => {
    api.on('GET /hooks/v1/rules', page());
    await keyUsed([], { ...api.environment, RULE_WEBHOOKS_URL: `${api.url}/hooks/` });
    expect(api.requests.map(({ path }) => path)).toEqual(['/hooks/v1/rules']);
  });
});

it.each<[string, string[], Record<string, string>, number, RegExp]>([
  [
    'no service',
    [],
    {},
    7,
    /^no service runs here \(there is no .+service\.json\): start one by "npm start"/,
  ],
  [
    'a service that is gone',
    [],
    { RULE_WEBHOOKS_URL: 'http://127.0.0.1:1', RULE_WEBHOOKS_API_KEY: 'k' },
    7,
    /^http:\/\/127\.0\.0\.1:1: nothing listens there/,
  ],
  [
    'a host that is not there',
    [],
    { RULE_WEBHOOKS_URL: 'http://nowhere.invalid', RULE_WEBHOOKS_API_KEY: 'k' },
    7,
    /^http:\/\/nowhere\.invalid: /,
  ],
  [
    'no key',
    [],
    { RULE_WEBHOOKS_URL: 'http://127.0.0.1:1' },
    2,
    /^no API key \(there is no .+admin-key\): name one by --key-file/,
  ],
  ['an address that is none', ['--url', 'localhost:7333'], {}, 2, /^--url: must be the http\(s\) address/],
  [
    'an address with a password',
    [],
    { RULE_WEBHOOKS_URL: 'http://u:hunter2@h' },
    2,
    /^RULE_WEBHOOKS_URL: must not contain a user or password\n$/,
  ],
  [
    'an absent key file',
    ['--url', 'http://127.0.0.1:1', '--key-file', 'nowhere'],
    {},
    2,
    /^nowhere: there is no such file/,
  ],
  [
    'a key that cannot be one',
    [],
    { RULE_WEBHOOKS_URL: 'http://127.0.0.1:1', RULE_WEBHOOKS_API_KEY: 'hunter2\nx' },
    2,
    /^RULE_WEBHOOKS_API_KEY: is not an API key\n$/,
  ],
])('%s is said in one line', async (_what, args, environment, exitCode, message) => {
  const { code, stderr } = await runCli(['rules', 'list', ...args], environment, { cwd: folder });
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(code).toBe(exitCode);
});

it('the key of this machine is not sent to another one', async () => {
  announce(join(folder, 'data'));
  const { code, stderr } = await runCli(
    ['rules', 'list', '--url', 'http://nowhere.invalid'],
    {},
    { cwd: folder },
  );
  expect(stderr).toBe('no API key: name one by --key-file or RULE_WEBHOOKS_API_KEY\n');
  expect(code).toBe(2);
});

it('an announcement that cannot be read is named', async () => {
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data/service.json'), '{');
  const { code, stderr } = await runCli(['rules', 'list'], {}, { cwd: folder });
  expect(stderr).toMatch(/service\.json: must be the http\(s\) address of a service/);
  expect(code).toBe(2);
});
