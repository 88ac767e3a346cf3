import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { CredentialUnusableError } from '../../src/destinations/call-settings';
import { SecretUnreadableError } from '../../src/secrets/secret-box';
import { MemoryCallSettings } from '../support/call-settings';
import { Executions, type Execution } from '../support/executions';
import { answerJson, Receiver } from '../support/receiver';
import { createLocalEnvironment } from '../support/temporal';
import { TokenEndpoint } from '../support/token-endpoint';

let environment: TestWorkflowEnvironment;
let executions: Executions;
let callSettings: MemoryCallSettings;
let receiver: Receiver;
let endpoint: TokenEndpoint;
const noMail = { send: () => Promise.reject(new Error('nothing escalates here')) };

beforeAll(async () => {
  environment = await createLocalEnvironment();
});
afterAll(() => environment.teardown());

beforeEach(async () => {
  callSettings = new MemoryCallSettings();
  executions = await Executions.start(environment, noMail, { callSettings });
  endpoint = await TokenEndpoint.start();
  receiver = await Receiver.start((request, response) => {
    answerJson(receiver.requests.length === 1 ? 503 : 200, {})(request, response);
  });
});
afterEach(async () => {
  await executions.stop();
  await receiver.close();
  await endpoint.close();
});

/** Starts an execution of one step, which is tried again after a second. */
async function start(): Promise<Execution> {
  executions.rulebook.put({ urls: [receiver.url], retry_schedule: ['1s', '1s'] });
  return executions.trigger();
}

describe('an execution whose destination wants an OAuth2 token', () => {
  beforeEach(() => {
    callSettings.current = { ...callSettings.current, auth: endpoint.credential() };
  });

  it('uses one token over its attempts', async () => {
    await (await start()).result();
    expect(receiver.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-1',
    ]);
    expect(endpoint.requests).toHaveLength(1);
  });

  it('counts a token endpoint that fails as a failed attempt, whose record has the reason and no call', async () => {
    endpoint.answers((request, response) => {
      const isFirst = endpoint.requests.length === 1;
      const answer = isFirst ? answerJson(401, { error: 'invalid_client' }) : endpoint.giving({});
      answer(request, response);
    });
    const report = await (await start()).result();
    expect(report.steps[0]?.attempts).toMatchObject([
      { url: receiver.url + '/', error: 'OAuth2 token endpoint: 401 invalid_client' },
      { error: '503 Service Unavailable' },
      {},
    ]);
    expect(receiver.requests).toHaveLength(2);
  });

  it('leaves neither secret nor token in its history', async () => {
    const execution = await start();
    await execution.result();
    const history = Buffer.from(JSON.stringify(await execution.fetchHistory())).toString();
    const payloads = [...history.matchAll(/"data":"([^"]*)"/g)].map(([, data = '']) =>
      Buffer.from(data, 'base64').toString(),
    );
    expect(payloads.join('\n')).toContain(receiver.url);
    for (const secret of ['canary+secret', 'canary%2Bsecret', 'token-1', 'whsec_']) {
      expect(payloads.join('\n') + history).not.toContain(secret);
    }
  });
});

describe('an execution whose credential', () => {
  it('is not there fails an attempt, and is healed by its return', async () => {
    const { current } = callSettings;
    const gone = new CredentialUnusableError('there is no credential crm');
    const source = jest.spyOn(callSettings, 'callSettings').mockRejectedValueOnce(gone);
    source.mockResolvedValue(current);
    const report = await (await start()).result();
    expect(report.steps[0]?.attempts).toMatchObject([
      { error: 'there is no credential crm' },
      { error: '503 Service Unavailable' },
      {},
    ]);
  });

  it('cannot be opened just now counts no attempt, and calls nobody before it can be', async () => {
    const { current } = callSettings;
    const source = jest.spyOn(callSettings, 'callSettings');
    source
      .mockRejectedValueOnce(new SecretUnreadableError('key 1 is not at hand'))
      .mockResolvedValue(current);
    const report = await (await start()).result();
    expect(report.steps[0]?.attempts).toMatchObject([{ error: '503 Service Unavailable' }, {}]);
  });
});
