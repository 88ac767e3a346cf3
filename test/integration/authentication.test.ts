import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { jwtVerify } from 'jose';
import { Webhook } from 'standardwebhooks';
import { createAuthorizedSender } from '../../src/delivery/authorized-sender';
import { createWebhookSender, type CallResult } from '../../src/delivery/send';
import { CredentialUnusableError, type Versioned } from '../../src/destinations/call-settings';
import type { HttpCredential, OAuth2Credential } from '../../src/destinations/credential';
import { MemoryCallSettings } from '../support/call-settings';
import { testEgress } from '../support/egress';
import { answerBytes, answerJson, Receiver, type Answer } from '../support/receiver';
import { TokenEndpoint } from '../support/token-endpoint';

const plainSender = createWebhookSender({ egress: testEgress(), userAgent: 'test/1' });
afterAll(() => plainSender.close());

const settings = new MemoryCallSettings().current;
let receiver: Receiver;
let endpoint: TokenEndpoint;
let sender: ReturnType<typeof createAuthorizedSender>;
beforeEach(async () => {
  endpoint = await TokenEndpoint.start();
  sender = createAuthorizedSender(plainSender);
  receiver = await Receiver.start();
});
afterEach(async () => {
  await receiver.close();
  await endpoint.close();
});

async function answering(answer: Answer): Promise<void> {
  await receiver.close();
  receiver = await Receiver.start(answer);
}

function call(
  auth: Versioned<HttpCredential>,
  { headers = {}, timeMs = 12_000 }: { headers?: Record<string, string>; timeMs?: number } = {},
): Promise<CallResult> {
  return sender.send({
    workspace: 'acme',
    url: receiver.url,
    method: 'POST',
    headers,
    body: '{"a":1}',
    onOversize: 'truncate',
    messageId: 'e-1_0',
    settings: { ...settings, auth },
    deadline: performance.now() + timeMs,
  });
}

const common = { name: null, origins: ['https://crm.example.com'] };

function versioned<Credential>(credential: Credential): Versioned<Credential> {
  return { id: 'crm', version: 1, credential };
}

/** This header of each request that was received. */
function received(name = 'authorization') {
  return receiver.requests.map(({ headers }) => String(headers[name]));
}

/** A receiver that knows one token alone. */
function takingOnly(token: string): Answer {
  return (request, response) => {
    answerJson(request.headers.authorization === `Bearer ${token}` ? 200 : 401, {})(request, response);
  };
}

describe('a call', () => {
  it('has a user and password in the header of basic authentication, in UTF-8', async () => {
    await call(versioned({ kind: 'basic', ...common, username: 'ada', password: 'pässword:1' }));
    const [scheme, encoded = ''] = received()[0]?.split(' ') ?? [];
    expect([scheme, Buffer.from(encoded, 'base64').toString()]).toEqual(['Basic', 'ada:pässword:1']);
  });

  it('has a bearer token', async () => {
    await call(versioned({ kind: 'bearer', ...common, token: 'canary' }));
    expect(received()).toEqual(['Bearer canary']);
  });

  it('has an API key in its header', async () => {
    await call(versioned({ kind: 'api_key', ...common, header: 'X-Api-Key', value: 'canary' }));
    expect(received('x-api-key')).toEqual(['canary']);
  });

  it('has a credential in place of a header that its step sets', async () => {
    const auth = versioned({ kind: 'api_key' as const, ...common, header: 'x-api-key', value: 'canary' });
    await call(auth, { headers: { 'X-API-Key': 'of the step' } });
    expect(received('x-api-key')).toEqual(['canary']);
  });

  it('has the headers of its step beside its credential and signature', async () => {
    const auth = versioned({ kind: 'bearer' as const, ...common, token: 'canary' });
    await call(auth, { headers: { 'X-Team': 'risk' } });
    expect(receiver.requests[0]?.headers).toMatchObject({
      'x-team': 'risk',
      authorization: 'Bearer canary',
      'webhook-id': 'e-1_0',
    });
  });

  it.each([
    ['a token of its own', 4_000, () => versioned({ kind: 'bearer' as const, ...common, token: 'canary' })],
    ['a token that must be asked for', 5_500, () => endpoint.credential()],
  ])('with %s is not made when reading took nearly all of the time', async (_what, timeMs, auth) => {
    await expect(call(auth(), { timeMs })).rejects.toThrow('took too long');
    expect([receiver.requests, endpoint.requests]).toEqual([[], []]);
  });

  it.each([
    [
      'a password',
      () => versioned({ kind: 'basic' as const, ...common, username: 'ada', password: 'canary"1/2' }),
    ],
    ['a token', () => versioned({ kind: 'bearer' as const, ...common, token: 'canary-token' })],
    ['a key', () => versioned({ kind: 'api_key' as const, ...common, header: 'x-key', value: 'canary-key' })],
    ['an OAuth2 token', () => endpoint.credential()],
  ])('keeps nothing of %s that its receiver says back', async (_what, auth) => {
    endpoint.answers(endpoint.giving({ access_token: 'canary-token' }));
    await answering((request, response) => {
      const { authorization = '' } = request.headers;
      const decoded = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
      answerJson(200, { headers: request.headers, decoded }, { 'x-auth': authorization })(request, response);
    });
    const { attempt } = await call(auth());
    expect(attempt).toMatchObject({ response: { status: 200 } });
    expect(JSON.stringify(attempt)).not.toMatch(/canary|Y2FuYXJ5/);
  });
});

describe('an OAuth2 token', () => {
  it('is asked for with the client’s credentials in a header, form-encoded as RFC 6749 has it', async () => {
    await call(endpoint.credential());
    const [scheme, encoded = ''] = endpoint.requests[0]?.headers.authorization?.split(' ') ?? [];
    expect([scheme, Buffer.from(encoded, 'base64').toString()]).toEqual([
      'Basic',
      'our+client:canary%2Bsecret',
    ]);
  });

  it('is asked for with the client’s credentials in the form, when it shall be so', async () => {
    await call(endpoint.credential({ authentication: 'client_secret_post' }));
    expect(endpoint.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(endpoint.forms).toEqual([
      { grant_type: 'client_credentials', client_id: 'our client', client_secret: 'canary+secret' },
    ]);
  });

  it('is asked for with its scope and audience', async () => {
    await call(endpoint.credential({ scope: 'events:write more', audience: 'https://crm.example.com/' }));
    expect(endpoint.forms).toEqual([
      {
        grant_type: 'client_credentials',
        scope: 'events:write more',
        audience: 'https://crm.example.com/',
      },
    ]);
  });

  it('goes with the call', async () => {
    await call(endpoint.credential());
    expect(received()).toEqual(['Bearer token-1']);
  });

  it('is used by later calls', async () => {
    await call(endpoint.credential());
    await call(endpoint.credential());
    expect([received(), endpoint.requests.length]).toEqual([['Bearer token-1', 'Bearer token-1'], 1]);
  });
});

describe('a client that proves itself with a private key', () => {
  const pem = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' }).toString();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const keys = [
    ['RS256', rsa],
    ['PS256', rsa],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['EdDSA', generateKeyPairSync('ed25519')],
  ] as const;

  const credentialOf = (key: KeyObject, change: Partial<OAuth2Credential>) =>
    endpoint.credential({ authentication: 'private_key_jwt', private_key: pem(key), ...change });

  it.each(keys)('sends an assertion that its token endpoint verifies: %s', async (algorithm, pair) => {
    await call(credentialOf(pair.privateKey, { algorithm, key_id: 'key-7' }));
    const [form = {}] = endpoint.forms;
    expect(form).toMatchObject({
      grant_type: 'client_credentials',
      client_id: 'our client',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
    const { protectedHeader } = await jwtVerify(form['client_assertion'] ?? '', pair.publicKey, {
      algorithms: [algorithm],
      issuer: 'our client',
      subject: 'our client',
      audience: endpoint.url,
      maxTokenAge: 60,
      requiredClaims: ['exp', 'jti'],
    });
    expect(protectedHeader).toMatchObject({ alg: algorithm, kid: 'key-7' });
  });

  it('sends another assertion each time', async () => {
    endpoint.answers(endpoint.giving({ expires_in: 0 }));
    const credential = credentialOf(rsa.privateKey, { algorithm: 'RS256' });
    await call(credential);
    await call(credential);
    expect(new Set(endpoint.forms.map((form) => form['client_assertion'])).size).toBe(2);
  });

  it('fails the attempt when the key is not one for the algorithm, and does not quote it', async () => {
    const credential = credentialOf(rsa.privateKey, { algorithm: 'ES256' });
    await expect(call(credential)).rejects.toThrow(
      new CredentialUnusableError('the private key of credential crm cannot sign with ES256'),
    );
  });
});

describe('a token that its receiver does not take', () => {
  it('is replaced, and the call made once more within the attempt', async () => {
    await answering(takingOnly('token-2'));
    expect(await call(endpoint.credential())).toMatchObject({ delivered: true });
    expect(received()).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('is replaced once: then the attempt has failed', async () => {
    await answering(takingOnly('none'));
    expect(await call(endpoint.credential())).toMatchObject({ attempt: { error: '401 Unauthorized' } });
    expect(received()).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('is replaced once for all calls that it was refused to', async () => {
    await call(endpoint.credential());
    await answering(takingOnly('token-2'));
    const results = await Promise.all(Array.from({ length: 20 }, () => call(endpoint.credential())));
    expect(results.filter(({ delivered }) => delivered)).toHaveLength(20);
    expect(endpoint.requests).toHaveLength(2);
  });

  it('leaves the message its id, and each send is signed', async () => {
    await answering(takingOnly('token-2'));
    await call(endpoint.credential());
    const webhook = new Webhook(settings.signingKeys[0]?.secret ?? '');
    const verified = receiver.requests.map(({ text, headers }) => {
      webhook.verify(text, headers as Record<string, string>);
      return headers['webhook-id'];
    });
    expect(verified).toEqual(['e-1_0', 'e-1_0']);
  });

  it('is replaced in the next attempt when there is no time for it now', async () => {
    await call(endpoint.credential());
    await answering((request, response) => {
      setTimeout(() => {
        takingOnly('token-2')(request, response);
      }, 300);
    });
    const short = await call(endpoint.credential(), { timeMs: 6_100 });
    expect([short, received().length]).toMatchObject([{ attempt: { status: 401 } }, 1]);
    expect(await call(endpoint.credential())).toMatchObject({ delivered: true });
  });

  it('is not replaced for another refusal than 401', async () => {
    await answering(answerJson(403, {}));
    await call(endpoint.credential());
    expect(endpoint.requests).toHaveLength(1);
  });

  it('and for which there is no other one fails the attempt with both reasons', async () => {
    await answering(takingOnly('none'));
    await call(endpoint.credential());
    endpoint.answers(answerJson(400, { error: 'invalid_scope' }));
    expect(await call(endpoint.credential())).toMatchObject({
      delivered: false,
      attempt: { status: 401, error: '401 Unauthorized, then OAuth2 token endpoint: 400 invalid_scope' },
    });
  });

  it('of a bearer credential is all that there is', async () => {
    await answering(takingOnly('none'));
    const auth = versioned({ kind: 'bearer' as const, ...common, token: 'canary' });
    expect(await call(auth)).toMatchObject({ attempt: { status: 401 } });
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('a token endpoint that gives no token', () => {
  it.each([
    ['refuses the client', answerJson(401, { error: 'invalid_client' }), '401 invalid_client'],
    ['refuses the scope', answerJson(400, { error: 'invalid_scope' }), '400 invalid_scope'],
    ['is down', answerBytes('<h1>oops</h1>', {}, 503), '503 Service Unavailable'],
    ['sends us elsewhere', answerBytes('', { location: 'http://127.0.0.1/' }, 302), '302 Found'],
    ['says it with 200', answerJson(200, { error: 'invalid_client' }), 'no access_token in the answer'],
    ['answers no JSON', answerBytes('ok'), 'no access_token in the answer'],
    ['answers JSON that is no object', answerBytes('[1]'), 'no access_token in the answer'],
    ['answers an empty token', answerJson(200, { access_token: '' }), 'no access_token in the answer'],
    [
      'answers a token that would be two headers',
      answerJson(200, { access_token: 'a\r\nx-admin: 1' }),
      'no access_token in the answer',
    ],
    [
      'gives tokens that are not for bearers',
      answerJson(200, { access_token: 'a', token_type: 'DPoP' }),
      'the token is not a bearer token',
    ],
    ['answers without end', answerBytes(Buffer.alloc(200_000, ' ')), 'the response is larger than 100 KB'],
    [
      'says the client’s secret back',
      answerJson(400, { error: 'unknown secret canary+secret', error_description: 'canary+secret' }),
      '400 Bad Request',
    ],
  ])('fails the attempt with the reason, and no call is made: it %s', async (_what, answer, reason) => {
    endpoint.answers(answer);
    await expect(call(endpoint.credential())).rejects.toThrow(
      new CredentialUnusableError(`OAuth2 token endpoint: ${reason}`),
    );
    expect(receiver.requests).toEqual([]);
  });

  it('because nobody is there fails the attempt with the reason', async () => {
    const { url } = endpoint;
    await endpoint.close();
    const gone = endpoint.credential({ token_url: url });
    endpoint = await TokenEndpoint.start();
    await expect(call(gone)).rejects.toThrow(
      new CredentialUnusableError('OAuth2 token endpoint: ECONNREFUSED'),
    );
  });

  it('because it may not be called fails the attempt with the reason', async () => {
    const strict = createWebhookSender({
      egress: testEgress({ allowedNetworks: [] }),
      userAgent: 'test/1',
    });
    sender = createAuthorizedSender(strict);
    await expect(call(endpoint.credential())).rejects.toThrow(
      new CredentialUnusableError('OAuth2 token endpoint: calls to 127.0.0.1 (loopback) are not allowed'),
    );
    await strict.close();
    expect(endpoint.requests).toEqual([]);
  });
});
