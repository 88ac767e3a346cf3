import { TLSSocket } from 'node:tls';
import { createAuthorizedSender } from '../../src/delivery/authorized-sender';
import { createWebhookSender, type CallResult, type WebhookSender } from '../../src/delivery/send';
import type { CallSettings, Versioned } from '../../src/destinations/call-settings';
import type { TlsCredential } from '../../src/destinations/credential';
import { Authority, type KeyPair } from '../support/authority';
import { MemoryCallSettings } from '../support/call-settings';
import { testEgress } from '../support/egress';
import { answerJson, Receiver, type Answer } from '../support/receiver';
import { TokenEndpoint } from '../support/token-endpoint';

let authority: Authority;
let serverPair: KeyPair;
let ours: KeyPair;
beforeAll(async () => {
  authority = await Authority.create();
  serverPair = await authority.server();
  ours = await authority.client('our client');
});

/** Says who the client is, by its certificate. */
const whoAreYou: Answer = (request, response) => {
  const { socket } = response.req;
  if (!(socket instanceof TLSSocket)) throw new Error('this is no TLS');
  answerJson(200, { client: socket.getPeerCertificate().subject.CN })(request, response);
};

let plainSender: WebhookSender;
let receiver: Receiver;
beforeEach(async () => {
  plainSender = createWebhookSender({ egress: testEgress(), userAgent: 'test/1' });
  receiver = await Receiver.start(whoAreYou, { ...serverPair, ca: authority.cert, requestCert: true });
});
afterEach(async () => {
  await plainSender.close();
  await receiver.close();
});

function call(
  settings: Partial<CallSettings>,
  { workspace = 'acme', url = receiver.url }: { workspace?: string; url?: string } = {},
): Promise<CallResult> {
  return createAuthorizedSender(plainSender).send({
    workspace,
    url,
    method: 'POST',
    headers: {},
    body: '{}',
    onOversize: 'truncate',
    messageId: 'e-1_0',
    settings: { ...new MemoryCallSettings().current, ...settings },
    deadline: Infinity,
  });
}

function credential(fields: Partial<TlsCredential>, version = 1): Versioned<TlsCredential> {
  return {
    id: 'crm-tls',
    version,
    credential: { kind: 'tls', name: null, origins: [receiver.url], ...fields },
  };
}

const ofClient = ({ key, cert }: KeyPair, fields: Partial<TlsCredential> = {}) => ({
  certificate: cert,
  private_key: key,
  ca: authority.cert,
  ...fields,
});

/** The name in the client's certificate, as the receiver saw it. */
function clientIn({ attempt }: CallResult): unknown {
  if (!('response' in attempt)) throw new Error(attempt.error);
  return (JSON.parse(attempt.response.body.data) as { client?: unknown }).client;
}

describe('a receiver that asks for a client certificate', () => {
  it('is called with the one of the destination', async () => {
    expect(clientIn(await call({ tls: credential(ofClient(ours)) }))).toBe('our client');
  });

  it('is called with one whose key is encrypted', async () => {
    const encrypted = await authority.client('secret client', 'open sesame');
    const fields = ofClient(encrypted, { passphrase: 'open sesame' });
    expect(clientIn(await call({ tls: credential(fields) }))).toBe('secret client');
  });

  it('is not reached without one', async () => {
    const result = await call({ tls: credential({ ca: authority.cert }) });
    expect([result.delivered, receiver.requests]).toEqual([false, []]);
  });

  it('is not reached with the certificate of another authority', async () => {
    const foreign = await (await Authority.create('Another')).client('our client');
    const result = await call({ tls: credential(ofClient(foreign)) });
    expect([result.delivered, receiver.requests]).toEqual([false, []]);
  });

  it('is not reached with a key that cannot be opened, and the reason names no secret', async () => {
    const encrypted = await authority.client('secret client', 'open sesame');
    const { attempt } = await call({ tls: credential(ofClient(encrypted, { passphrase: 'canary' })) });
    expect(attempt).toMatchObject({ error: expect.stringContaining('cannot be used') as unknown });
    expect(JSON.stringify(attempt)).not.toMatch(/canary|PRIVATE KEY/);
  });

  it('sees the certificate that replaced another from the next call on, though the connection was kept', async () => {
    await call({ tls: credential(ofClient(ours), 1) });
    const renewed = await authority.client('our renewed client');
    expect(clientIn(await call({ tls: credential(ofClient(renewed), 2) }))).toBe('our renewed client');
  });

  it('is not reached by another workspace over the connection of one that has a certificate', async () => {
    await call({ tls: credential(ofClient(ours)) });
    const result = await call({ tls: credential({ ca: authority.cert }) }, { workspace: 'globex' });
    expect([result.delivered, receiver.requests.length]).toEqual([false, 1]);
  });
});

describe('a receiver with a certificate of an authority of one’s own', () => {
  let open: Receiver;
  beforeEach(async () => {
    open = await Receiver.start(undefined, serverPair);
  });
  afterEach(() => open.close());

  it('is called by a destination that knows the authority', async () => {
    const result = await call({ tls: credential({ ca: authority.cert }) }, { url: open.url });
    expect(result).toMatchObject({ delivered: true });
  });

  it('is not called by others', async () => {
    const { attempt } = await call({}, { url: open.url });
    expect(attempt).toMatchObject({ error: expect.stringMatching(/certificate/) as unknown });
    expect(open.requests).toEqual([]);
  });
});

describe('a token endpoint that asks for the same client certificate', () => {
  let endpoint: TokenEndpoint;
  beforeEach(async () => {
    endpoint = await TokenEndpoint.start({ ...serverPair, ca: authority.cert, requestCert: true });
  });
  afterEach(() => endpoint.close());

  it('gives a token when the certificate may go there', async () => {
    const tls = credential(ofClient(ours, { origins: [receiver.url, new URL(endpoint.url).origin] }));
    await call({ tls, auth: endpoint.credential() });
    expect(receiver.requests[0]?.headers.authorization).toBe('Bearer token-1');
  });

  it('does not see a certificate that may not', async () => {
    const tls = credential(ofClient(ours));
    await expect(call({ tls, auth: endpoint.credential() })).rejects.toThrow('OAuth2 token endpoint: ');
    expect(endpoint.requests).toEqual([]);
  });
});
