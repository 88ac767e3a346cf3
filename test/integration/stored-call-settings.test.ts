import { Webhook } from 'standardwebhooks';
import { createAuthorizedSender } from '../../src/delivery/authorized-sender';
import { createWebhookSender, type CallResult } from '../../src/delivery/send';
import { credentialSchema } from '../../src/destinations/credential';
import { destinationSettingsSchema } from '../../src/destinations/settings';
import { makeSigningKey, publicKeyOf } from '../../src/secrets/signing-key';
import { openStore } from '../../src/store/open-store';
import type { Change } from '../../src/store/record';
import type { Store } from '../../src/store/store';
import { testEgress } from '../support/egress';
import { Receiver, type ReceivedRequest } from '../support/receiver';
import { newWorkspace } from '../support/stores';
import { temporaryFolder } from '../support/temporary-folder';
import { TokenEndpoint } from '../support/token-endpoint';
import { opensslVerdict } from '../support/verifiers';

const plainSender = createWebhookSender({ egress: testEgress(), userAgent: 'test/1' });
const sender = createAuthorizedSender(plainSender);
let store: Store;
beforeAll(async () => {
  store = await openStore({ dataFolder: temporaryFolder() });
});
afterAll(async () => {
  await plainSender.close();
  await store.close();
});

let change: Change;
let receiver: Receiver;
let endpoint: TokenEndpoint;
beforeEach(async () => {
  change = await newWorkspace(store);
  receiver = await Receiver.start();
  endpoint = await TokenEndpoint.start();
});
afterEach(async () => {
  await receiver.close();
  await endpoint.close();
});

/** Calls the receiver as a worker does, with what the store has for it now. */
async function call(named: { auth?: string } = {}): Promise<CallResult> {
  const { workspace } = change;
  return sender.send({
    workspace,
    url: receiver.url,
    method: 'POST',
    headers: {},
    body: '{"a":1}',
    onOversize: 'truncate',
    messageId: 'e-1_0',
    settings: await store.callSettings.callSettings(workspace, receiver.url, named),
    deadline: Infinity,
  });
}

async function requestOfCall(named?: { auth?: string }): Promise<ReceivedRequest> {
  await call(named);
  const request = receiver.requests.at(-1);
  if (request === undefined) throw new Error('it was not called');
  return request;
}

function isVerifiedBy(secret: string, { text, headers }: ReceivedRequest): boolean {
  try {
    new Webhook(secret).verify(text, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

async function save(id: string, fields: object): Promise<void> {
  const written = { origins: [receiver.url], ...fields };
  await store.credentials.put(change, id, written, (whole) => credentialSchema.parse(whole));
}

describe('calls of a destination in the store', () => {
  it('are signed with the secret that a rotation put in force', async () => {
    const key = makeSigningKey('v1');
    await store.destinations.rotateSigningKey(change, receiver.url, key, 0);
    expect(isVerifiedBy(key.secret, await requestOfCall())).toBe(true);
  });

  it('are signed with the old secret too while the two overlap', async () => {
    const [old, fresh] = [makeSigningKey('v1'), makeSigningKey('v1')];
    await store.destinations.rotateSigningKey(change, receiver.url, old, 0);
    await store.destinations.rotateSigningKey(change, receiver.url, fresh, 3_600_000);
    const request = await requestOfCall();
    expect([old, fresh].map(({ secret }) => isVerifiedBy(secret, request))).toEqual([true, true]);
  });

  it('are not signed with a secret any more once it is revoked', async () => {
    const [old, fresh] = [makeSigningKey('v1'), makeSigningKey('v1')];
    await store.destinations.rotateSigningKey(change, receiver.url, old, 0);
    await store.destinations.rotateSigningKey(change, receiver.url, fresh, 3_600_000);
    await store.destinations.revokeSigningKey(change, receiver.url, old.id);
    const request = await requestOfCall();
    expect([old, fresh].map(({ secret }) => isVerifiedBy(secret, request))).toEqual([false, true]);
  });

  it('are verified with the public key of its ed25519 key', async () => {
    const key = makeSigningKey('v1a');
    await store.destinations.rotateSigningKey(change, receiver.url, key, 0);
    expect(opensslVerdict(publicKeyOf(key) ?? '', await requestOfCall())).toBe('genuine');
  });

  it('carry the credential of the destination, unless their step names another', async () => {
    await save('of-destination', { kind: 'bearer', token: 'one' });
    await save('of-step', { kind: 'api_key', header: 'x-key', value: 'two' });
    await store.destinations.putSettings(
      change,
      receiver.url,
      destinationSettingsSchema.parse({ auth: 'of-destination' }),
    );
    expect((await requestOfCall()).headers).toMatchObject({ authorization: 'Bearer one' });
    const { headers } = await requestOfCall({ auth: 'of-step' });
    expect([headers.authorization, headers['x-key']]).toEqual([undefined, 'two']);
  });

  it('carry a new OAuth2 token once the credential was edited', async () => {
    const { credential } = endpoint.credential({ origins: [receiver.url] });
    await save('crm', credential);
    await call({ auth: 'crm' });
    await save('crm', { ...credential, scope: 'more' });
    await call({ auth: 'crm' });
    expect(receiver.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  it('carry a new OAuth2 token once the credential was deleted and made again', async () => {
    const { credential } = endpoint.credential({ origins: [receiver.url] });
    await save('crm', credential);
    await call({ auth: 'crm' });
    await store.credentials.delete(change, 'crm');
    await save('crm', credential);
    expect((await requestOfCall({ auth: 'crm' })).headers.authorization).toBe('Bearer token-2');
  });

  it('are not made without a credential that their step names', async () => {
    await expect(call({ auth: 'gone' })).rejects.toThrow('gone');
    expect(receiver.requests).toEqual([]);
  });
});
