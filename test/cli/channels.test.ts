import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleChannel } from '../support/api-samples';
import { runCli, type CliOptions, type CliResult } from '../support/cli';
import { answer, page, problem, ScriptedApi } from '../support/scripted-api';
import { temporaryFolder } from '../support/temporary-folder';

const URL = 'https://hooks.slack.com/services/T0/B0/secret';

let api: ScriptedApi;
let folder: string;
beforeAll(async () => {
  api = await ScriptedApi.start();
});
beforeEach(() => {
  api.reset();
  folder = temporaryFolder();
  writeFileSync(join(folder, 'url'), `${URL}\n`);
});
afterAll(() => api.close());

function run(args: string[], options: CliOptions = {}): Promise<CliResult> {
  return runCli(['channels', ...args], api.environment, { cwd: folder, ...options });
}

it('channels list prints a table', async () => {
  api.on('GET /v1/channels', page(sampleChannel));
  const { stdout } = await run(['list']);
  expect(stdout).toMatch(/\nops +slack +Operations +https:\/\/hooks\.slack\.com +\d+d\n$/);
});

it('channels show prints what is known of one', async () => {
  api.on('GET /v1/channels/ops', sampleChannel);
  const { stdout } = await run(['show', 'ops']);
  expect(stdout).toMatch(
    /^ops {2}slack {2}https:\/\/hooks\.slack\.com\nname: Operations\nchanged: \d+d ago by key/,
  );
});

describe('channels add', () => {
  it.each([
    [201, 'Added'],
    [200, 'Changed'],
  ])('sends the URL that the file holds; answered with %d it says "%s"', async (status, word) => {
    api.on('PUT /v1/channels/ops', answer(status, { ...sampleChannel, signing_secret: null }));
    const result = await run(['add', 'ops', '--kind', 'slack', '--name', 'Operations', '--url-file', 'url']);
    expect(api.bodies('PUT /v1/channels/ops')).toEqual([{ kind: 'slack', name: 'Operations', url: URL }]);
    expect(result).toEqual({ code: 0, stdout: `${word} ops (slack, https://hooks.slack.com)\n`, stderr: '' });
  });

  it('takes the URL from standard input', async () => {
    api.on('PUT /v1/channels/ops', answer(201, { ...sampleChannel, signing_secret: null }));
    await run(['add', 'ops', '--kind', 'slack', '--url-file', '-'], { stdin: URL });
    expect(api.bodies('PUT /v1/channels/ops')).toEqual([{ kind: 'slack', url: URL }]);
  });

  it('prints a signing secret that was made, alone on the standard output', async () => {
    const made = { ...sampleChannel, kind: 'webhook', signing_secret: 'whsec_abc' };
    api.on('PUT /v1/channels/ops', answer(201, made));
    const result = await run(['add', 'ops', '--kind', 'webhook', '--url-file', 'url']);
    expect(result.stdout).toBe('whsec_abc\n');
    expect(result.stderr).toContain('Its signing secret is shown this once:');
  });

  it('names what is wrong, and ends with 2', async () => {
    api.on('PUT /v1/channels/ops', problem(422, 'x', [{ path: 'url', message: 'is missing' }]));
    const result = await run(['add', 'ops', '--kind', 'slack']);
    expect(result).toEqual({ code: 2, stdout: '', stderr: 'url: is missing\n' });
  });
});

it('channels remove removes it', async () => {
  api.on('DELETE /v1/channels/ops', answer(204));
  expect(await run(['remove', 'ops'])).toEqual({ code: 0, stdout: 'Removed ops\n', stderr: '' });
});

it('channels remove of one in use says by what, and ends with 6', async () => {
  api.on('DELETE /v1/channels/ops', problem(409, 'channel "ops" is in use by rule "watch"'));
  const { code, stderr } = await run(['remove', 'ops']);
  expect([code, stderr]).toEqual([6, 'channel "ops" is in use by rule "watch"\n']);
});

describe('channels test', () => {
  it('says that the message was taken', async () => {
    api.on('POST /v1/channels/ops/test', { sent: true, status: 200, error: null, duration_ms: 87 });
    expect(await run(['test', 'ops'])).toEqual({ code: 0, stdout: 'Sent to ops in 87 ms\n', stderr: '' });
  });

  it('says why it was not, and ends with 1', async () => {
    const refused = { sent: false, status: 404, error: '404 Not Found: no_service', duration_ms: 87 };
    api.on('POST /v1/channels/ops/test', refused);
    expect(await run(['test', 'ops'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'ops did not take it: 404 Not Found: no_service\n',
    });
  });
});
