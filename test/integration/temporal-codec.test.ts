import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Program } from '../support/program';
import { answerJson, Receiver } from '../support/receiver';
import { ServiceProcess } from '../support/service';
import { serverExecutable } from '../support/server-executable';
import { temporaryFolder } from '../support/temporary-folder';

const run = promisify(execFile);

const CANARY = 'canary-of-an-event';
const key = randomBytes(32).toString('base64');

let dataFolder: string;
let service: ServiceProcess;
let workflowId: string;
beforeAll(async () => {
  dataFolder = temporaryFolder();
  service = await ServiceProcess.start(dataFolder, { PAYLOAD_ENCRYPTION_KEY: key });
  const rule = {
    id: 'watch',
    name: 'Watch',
    owner: { email: 'ada@example.com' },
    event: { type: 'invoice.paid' },
    steps: [{ action: 'call_webhook', url: 'http://127.0.0.1:9/' }],
  };
  await service.call('POST', '/v1/rules', rule);
  const { body } = await service.event({ type: 'invoice.paid', data: { canary: CANARY } });
  workflowId = body.executions[0]?.workflow_id ?? '';
});
afterAll(() => service.kill('SIGTERM'));

/** The texts of all payloads that Temporal's own command line shows of the execution. */
async function shownByTemporal(...options: string[]): Promise<string> {
  const [, address = ''] = await service.program.printed(/Temporal: (\S+),/);
  const args = ['workflow', 'show', '--workflow-id', workflowId, '--output', 'json', '--address', address];
  const { stdout } = await run(await serverExecutable('cli'), [...args, ...options]);
  return textsIn(stdout);
}

function textsIn(history: string): string {
  const payloads = [...history.matchAll(/"data": "([^"]*)"/g)];
  return payloads.map(([, data = '']) => Buffer.from(data, 'base64').toString()).join('\n');
}

const endpoint = () => ['--codec-endpoint', `${service.url}/temporal/codec`];

it.each(['127.0.0.1', 'localhost'])('the embedded UI may ask when it is opened as %s', async (host) => {
  const [, port = ''] = await service.program.printed(/Temporal UI: \S+:(\d+)/);
  const origin = `http://${host}:${port}`;
  const headers = { origin, 'access-control-request-method': 'POST' };
  const response = await fetch(`${service.url}/temporal/codec/decode`, { method: 'OPTIONS', headers });
  expect(response.headers.get('access-control-allow-origin')).toBe(origin);
});

describe('Temporal’s own command line', () => {
  it('shows nothing of an encrypted execution by itself', async () => {
    expect(await shownByTemporal()).not.toContain(CANARY);
  });

  it('shows all of it with the service as its codec', async () => {
    const shown = await shownByTemporal(...endpoint(), '--codec-auth', `Bearer ${service.key}`);
    expect(shown).toContain(CANARY);
    expect(shown).toContain('"Watch · invoice.paid"');
  });

  it('shows it with the key of a decoder in the address', async () => {
    const body = { name: 'UI', role: 'decoder' };
    const { body: created } = await service.call<{ key: string }>('POST', '/v1/api-keys', body);
    const [option = '', url = ''] = endpoint();
    expect(await shownByTemporal(option, `${url}/${created.key}`)).toContain(CANARY);
  });

  it('as "npm run temporal" runs it, shows all of it without being told a codec', async () => {
    const args = ['workflow', 'show', '--workflow-id', workflowId, '--output', 'json'];
    const program = Program.start('temporal-cli.js', args, { DATA_DIR: dataFolder });
    expect(await program.ended()).toBe(0);
    expect(textsIn(program.output)).toContain(CANARY);
  });

  it.each([
    ['setting', (url: string) => ({ args: [], settings: { TEMPORAL_CODEC_ENDPOINT: url } })],
    ['option', (url: string) => ({ args: [`--codec-endpoint=${url}`], settings: {} })],
  ])(
    'as "npm run temporal" runs it, asks the codec of the user’s own %s, and sends it no key of ours',
    async (_how, told) => {
      const own = await Receiver.start((request, response) => {
        answerJson(200, request.json)(request, response);
      });
      const { args, settings } = told(own.url);
      const show = ['workflow', 'show', '--workflow-id', workflowId, ...args];
      const program = Program.start('temporal-cli.js', show, { DATA_DIR: dataFolder, ...settings });
      expect(await program.ended()).toBe(0);
      expect(own.to('/decode')[0]?.headers).not.toHaveProperty('authorization');
      expect(own.to('/decode')).not.toEqual([]);
      await own.close();
    },
  );
});
