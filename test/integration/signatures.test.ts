import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Webhook } from 'standardwebhooks';
import type { SigningKey } from '../../src/destinations/signing-key';
import { MemoryCallSettings } from '../support/call-settings';
import { Executions } from '../support/executions';
import { answerJson, Receiver, type ReceivedRequest } from '../support/receiver';
import { ed25519Key, sharedKey } from '../support/signing-keys';
import { createLocalEnvironment } from '../support/temporal';
import { opensslVerdict, pythonStandardWebhooks, pythonVerdict } from '../support/verifiers';

let environment: TestWorkflowEnvironment;
let executions: Executions;
const callSettings = new MemoryCallSettings();
const noMail = { send: () => Promise.reject(new Error('nothing escalates here')) };
beforeAll(async () => {
  environment = await createLocalEnvironment();
  executions = await Executions.start(environment, noMail, { callSettings });
});
afterAll(async () => {
  await executions.stop();
  await environment.teardown();
});

/** The requests of an execution of two steps, of which the first one fails at first; each is signed with these keys. */
async function requestsSignedWith(...signingKeys: SigningKey[]): Promise<ReceivedRequest[]> {
  callSettings.current = { ...callSettings.current, signingKeys };
  const receiver = await Receiver.start((request, response) => {
    const isFirst = receiver.requests.length === 1;
    answerJson(isFirst ? 503 : 200, { city: 'Zürich' })(request, response);
  });
  try {
    executions.rulebook.put({ urls: [`${receiver.url}/1`, `${receiver.url}/2`], retry_schedule: ['1s'] });
    await (await executions.trigger()).result();
    return receiver.requests;
  } finally {
    await receiver.close();
  }
}

function npmVerdict(secret: string, { text, headers }: ReceivedRequest): string {
  try {
    new Webhook(secret).verify(text, headers as Record<string, string>);
    return 'genuine';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the requests of an execution', () => {
  const key = sharedKey();
  let requests: ReceivedRequest[];
  beforeAll(async () => {
    requests = await requestsSignedWith(key);
  });

  it('have one id for each step, whichever attempt it is', () => {
    const execution = String(requests[0]?.json['execution_id']);
    expect(requests.map(({ headers }) => headers['webhook-id'])).toEqual([
      `${execution}_0`,
      `${execution}_0`,
      `${execution}_1`,
    ]);
  });

  it('say when this attempt was sent', () => {
    const times = requests.map(({ headers }) => Number(headers['webhook-timestamp']));
    const late = requests.map(({ at }, nth) => at / 1_000 - (times[nth] ?? 0));
    expect(late.every((seconds) => seconds >= 0 && seconds < 10)).toBe(true);
  });

  it('have another time and signature when they are sent again', () => {
    const sent = requests.map(({ headers }) => headers['webhook-signature']);
    expect(new Set(sent).size).toBe(3);
  });

  it('are verified by npm’s standardwebhooks', () => {
    expect(requests.map((request) => npmVerdict(key.secret, request))).toEqual(Array(3).fill('genuine'));
  });

  it('are verified by openssl', () => {
    expect(requests.map((request) => opensslVerdict(key.secret, request))).toEqual(Array(3).fill('genuine'));
  });

  it('are not verified by openssl once a byte is another one', () => {
    const [request] = requests as [ReceivedRequest];
    const tampered = { ...request, text: request.text.replace('example.com', 'example.org') };
    expect(opensslVerdict(key.secret, tampered)).toBe('not signed with this key');
  });

  it('are not verified by openssl when they are old', () => {
    const [request] = requests as [ReceivedRequest];
    const headers = { ...request.headers, 'webhook-timestamp': '1600000000' };
    expect(opensslVerdict(key.secret, { ...request, headers })).toMatch(/^sent \d+ s ago/);
  });

  const python = pythonStandardWebhooks();
  (python === undefined ? describe.skip : describe)('for Python', () => {
    it('are verified by PyPI’s standardwebhooks', () => {
      const verdicts = requests.map((request) => pythonVerdict(python ?? '', key.secret, request));
      expect(verdicts).toEqual(Array(3).fill('genuine'));
    });

    it('are not verified by it with another secret', () => {
      const [request] = requests as [ReceivedRequest];
      expect(pythonVerdict(python ?? '', sharedKey().secret, request)).toBe('No matching signature found');
    });
  });
});

describe('the requests of a destination with an ed25519 key', () => {
  it('are verified by openssl with the public key', async () => {
    const key = ed25519Key();
    const requests = await requestsSignedWith(key);
    expect(requests.map((request) => opensslVerdict(key.publicKey, request))).toEqual(
      Array(3).fill('genuine'),
    );
  });

  it('are not verified with another public key', async () => {
    const [request] = (await requestsSignedWith(ed25519Key())) as [ReceivedRequest];
    expect(opensslVerdict(ed25519Key().publicKey, request)).toBe('not signed with this key');
  });
});

describe('while a secret is rotated', () => {
  const old = sharedKey('sk_old');
  const fresh = sharedKey('sk_fresh');

  it('receivers with either secret verify', async () => {
    const [request] = (await requestsSignedWith(fresh, old)) as [ReceivedRequest];
    expect([fresh, old].map(({ secret }) => npmVerdict(secret, request))).toEqual(['genuine', 'genuine']);
  });

  it('receivers verify across algorithms', async () => {
    const asymmetric = ed25519Key();
    const [request] = (await requestsSignedWith(asymmetric, old)) as [ReceivedRequest];
    expect([npmVerdict(old.secret, request), opensslVerdict(asymmetric.publicKey, request)]).toEqual([
      'genuine',
      'genuine',
    ]);
  });

  it('a receiver with one that was revoked does not, from the next attempt on', async () => {
    const [request] = (await requestsSignedWith(fresh)) as [ReceivedRequest];
    expect(npmVerdict(old.secret, request)).toBe('No matching signature found');
  });
});
