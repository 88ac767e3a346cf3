import { CredentialUnusableError } from '../../src/destinations/call-settings';
import { credentialSchema } from '../../src/destinations/credential';
import { destinationSettingsSchema } from '../../src/destinations/settings';
import { SecretUnreadableError } from '../../src/secrets/secret-box';
import type { JsonObject } from '../../src/shared/json';
import type { StoreSettings } from '../../src/store/open-store';
import type { Change } from '../../src/store/record';
import type { Store } from '../../src/store/store';
import { describeOnBothDatabases, newWorkspace, runSql } from '../support/stores';

const ORIGIN = 'https://hooks.example.com';
const OTHER = 'https://other.example.com';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';

describeOnBothDatabases((databases) => {
  let database: StoreSettings;
  let store: Store;
  let change: Change;
  const put = (id: string, written: JsonObject) =>
    store.credentials.put(change, id, { origins: [ORIGIN], ...written }, (whole) =>
      credentialSchema.parse(whole),
    );
  const call = (named: { auth?: string; tls?: string } = {}, origin = ORIGIN) =>
    store.callSettings.callSettings(change.workspace, origin, named);

  beforeAll(async () => {
    database = await databases.create();
    store = await databases.open(database);
  });
  beforeEach(async () => {
    change = await newWorkspace(store);
    await put('of-destination', { kind: 'bearer', token: 'hush-destination' });
    await put('of-step', { kind: 'bearer', token: 'hush-step' });
    await put('authority', { kind: 'tls', ca: CERTIFICATE });
  });

  it('a call to an origin that nobody has set anything for is signed, and nothing else', async () => {
    const { signingKeys, ...others } = await call();
    expect(signingKeys).toHaveLength(1);
    expect(others).toEqual({
      limits: { max_concurrent: null, requests_per_second: null, burst: null },
      standing: { disabled: null, openUntil: null },
      isFailing: false,
    });
  });

  it('what a step names goes before what its destination has', async () => {
    const settings = destinationSettingsSchema.parse({ auth: 'of-destination', tls: 'authority' });
    await store.destinations.putSettings(change, ORIGIN, settings);
    expect(await call()).toMatchObject({ auth: { id: 'of-destination' }, tls: { id: 'authority' } });
    expect(await call({ auth: 'of-step' })).toMatchObject({
      auth: { id: 'of-step', version: 1, credential: { token: 'hush-step' } },
      tls: { id: 'authority' },
    });
  });

  it('an edit is in force for the next call', async () => {
    await call({ auth: 'of-step' });
    await put('of-step', { kind: 'bearer', token: 'hush-new' });
    expect(await call({ auth: 'of-step' })).toMatchObject({
      auth: { version: 2, credential: { token: 'hush-new' } },
    });
  });

  it.each<[string, { auth?: string; tls?: string }, string, string]>([
    ['is not there', { auth: 'erp' }, ORIGIN, 'there is no credential "erp"'],
    ['is not for its origin', { auth: 'of-step' }, OTHER, `credential "of-step" may not be sent to ${OTHER}`],
    ['is for connections, in `auth`', { auth: 'authority' }, ORIGIN, 'is of kind "tls"'],
    ['is for requests, in `tls`', { tls: 'of-step' }, ORIGIN, 'is of kind "bearer"'],
  ])('a call must not be made when its credential %s', async (_what, named, origin, message) => {
    const refused = call(named, origin);
    await expect(refused).rejects.toThrow(CredentialUnusableError);
    await expect(refused).rejects.toThrow(message);
  });

  it.each(['credentials', 'signing_keys', 'egress_proxies'])(
    'a call must not be made while a secret in %s cannot be opened, and the error has nothing of it',
    async (table) => {
      await store.egressProxies.put(change, {
        url: 'http://proxy.example:3128',
        username: 'us',
        password: 'hush',
        noProxy: [],
      });
      await call({ auth: 'of-step' });
      const mine = `workspace = '${change.workspace}' and sealed is not null`;
      const before = await runSql<{ sealed: string }>(database, `select sealed from ${table} where ${mine}`);
      await runSql(database, `update ${table} set sealed = substr(sealed, 1, 100) || 'AAAA' where ${mine}`);
      const error: unknown = await call({ auth: 'of-step' }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SecretUnreadableError);
      const said = `${String((error as Error).stack)}${JSON.stringify(error)}`;
      expect(before.filter(({ sealed }) => said.includes(sealed.slice(16, 40)))).toEqual([]);
      expect(said).not.toContain('hush');
    },
  );

  it('a secret that was copied from another row is none', async () => {
    const sealed = `(select sealed from credentials where workspace = '${change.workspace}' and id = 'of-destination')`;
    await runSql(
      database,
      `update credentials set sealed = ${sealed} where workspace = '${change.workspace}' and id = 'of-step'`,
    );
    await expect(call({ auth: 'of-step' })).rejects.toThrow(SecretUnreadableError);
  });

  it('a credential whose secret cannot be opened is mended by giving it anew', async () => {
    await runSql(
      database,
      `update credentials set sealed = 'v1.gone' where workspace = '${change.workspace}'`,
    );
    await expect(put('of-step', { kind: 'bearer', name: 'New' })).rejects.toThrow(SecretUnreadableError);
    await put('of-step', { kind: 'bearer', token: 'hush-new' });
    expect(await call({ auth: 'of-step' })).toMatchObject({ auth: { credential: { token: 'hush-new' } } });
  });

  it('a credential that another version of the program saved, and this one refuses, is of no use', async () => {
    await runSql(
      database,
      `update credentials set document = '{"kind":"bearer","origins":["${ORIGIN}"],"colour":1}'
        where workspace = '${change.workspace}' and id = 'of-step'`,
    );
    const refused = call({ auth: 'of-step' });
    await expect(refused).rejects.toThrow(CredentialUnusableError);
    await expect(refused).rejects.toThrow(
      'credential "of-step" is not valid any more: colour: is not a known key',
    );
  });

  describe('the proxy of a workspace', () => {
    const shown = { url: 'http://proxy.example:3128', username: 'us', noProxy: ['*.internal'] };
    const proxy = { ...shown, password: 'hush' };

    it('is shown without its password, and used with it', async () => {
      const put = await store.egressProxies.put(change, proxy, { ifVersion: 0 });
      expect(put).toMatchObject({ ...shown, hasPassword: true, version: 1, created: true });
      expect(JSON.stringify(await store.egressProxies.get(change.workspace))).not.toContain('hush');
      expect((await call()).proxy).toEqual(proxy);
    });

    it('keeps a password that is left out while URL and user stay, and no longer', async () => {
      await store.egressProxies.put(change, proxy);
      expect(await store.egressProxies.put(change, shown)).toMatchObject({ version: 1, created: false });
      await store.egressProxies.put(change, { ...shown, noProxy: [] });
      expect((await call()).proxy).toMatchObject({ noProxy: [], password: 'hush' });
      await store.egressProxies.put(change, { ...shown, url: 'http://thief.example:3128' });
      expect((await call()).proxy).not.toHaveProperty('password');
    });

    it('is that of its workspace alone, until it is deleted', async () => {
      await store.egressProxies.put(change, proxy);
      const other = await newWorkspace(store);
      expect(await store.egressProxies.get(other.workspace)).toBeUndefined();
      expect(await store.callSettings.callSettings(other.workspace, ORIGIN, {})).not.toHaveProperty('proxy');
      await expect(store.egressProxies.delete(change, { ifVersion: 2 })).rejects.toThrow('has version 1');
      await store.egressProxies.delete(change, { ifVersion: 1 });
      expect(await call()).not.toHaveProperty('proxy');
      await expect(store.egressProxies.delete(change)).rejects.toThrow('there is no egress proxy');
    });
  });
});
