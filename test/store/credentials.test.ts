import { credentialSchema } from '../../src/destinations/credential';
import type { JsonObject } from '../../src/shared/json';
import {
  InUseError,
  NotFoundError,
  UnknownReferenceError,
  VersionMismatchError,
} from '../../src/store/errors';
import { validateRulebookDocument } from '../../src/rules/rulebook-document';
import type { Change } from '../../src/store/record';
import type { Store } from '../../src/store/store';
import { describeOnBothDatabases, newWorkspace, ruleDocument } from '../support/stores';

const ORIGIN = 'https://hooks.example.com';
const OTHER = 'https://other.example.com';
const complete = (whole: JsonObject) => credentialSchema.parse(whole);

const bearer = (changed: JsonObject = {}): JsonObject => ({
  kind: 'bearer',
  origins: [ORIGIN],
  token: 'hush-hush',
  ...changed,
});
const authority: JsonObject = {
  kind: 'tls',
  origins: [ORIGIN],
  ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
};

/** A rule with one step for each of these. */
function ruleThatCalls(id: string, ...steps: JsonObject[]): JsonObject {
  return ruleDocument(id, {
    steps: steps.map((step) => ({ action: 'call_webhook', url: `${ORIGIN}/hook`, ...step })),
  });
}

describeOnBothDatabases((databases) => {
  let store: Store;
  let change: Change;
  let workspace: string;
  const put = (id: string, written: JsonObject, ifVersion?: number) =>
    store.credentials.put(change, id, written, complete, { ifVersion });
  /** The whole credential, as a call to its first origin gets it. */
  const used = async (id: string, use: 'auth' | 'tls' = 'auth') =>
    (await store.callSettings.callSettings(workspace, ORIGIN, { [use]: id }))[use];

  beforeEach(async () => {
    store = await databases.shared();
    change = await newWorkspace(store);
    workspace = change.workspace;
  });

  describe('a credential', () => {
    it('is answered without its secret, and says that it has one', async () => {
      const created = await put('crm', bearer());
      expect(created).toMatchObject({
        id: 'crm',
        document: { kind: 'bearer', name: null, origins: [ORIGIN] },
        secretFields: ['token'],
        version: 1,
        created: true,
      });
      expect({ ...(await store.credentials.get(workspace, 'crm')), created: true }).toEqual(created);
      expect(JSON.stringify(created)).not.toContain('hush');
    });

    it('is used with its secret', async () => {
      await put('crm', bearer());
      expect(await used('crm')).toEqual({
        id: 'crm',
        version: 1,
        credential: { kind: 'bearer', name: null, origins: [ORIGIN], token: 'hush-hush' },
      });
    });

    it('of another workspace is not there', async () => {
      await put('crm', bearer());
      const other = await newWorkspace(store);
      expect(await store.credentials.get(other.workspace, 'crm')).toBeUndefined();
      expect(await store.credentials.list(other.workspace, { limit: 10 })).toEqual([]);
      await expect(store.credentials.delete(other, 'crm')).rejects.toThrow(NotFoundError);
    });

    it('is listed after another', async () => {
      for (const id of ['b', 'a', 'c']) await put(id, bearer());
      await store.credentials.delete(change, 'c');
      const page = await store.credentials.list(workspace, { after: 'a', limit: 10 });
      expect(page.map(({ id }) => id)).toEqual(['b']);
    });

    it('that is put again as it is has no new version', async () => {
      await put('crm', bearer());
      expect(await put('crm', bearer())).toMatchObject({ version: 1, created: false });
      expect(await put('crm', bearer({ token: 'other' }))).toMatchObject({ version: 2, created: false });
    });

    it('keeps the secret that is left out', async () => {
      await put('crm', bearer());
      await put('crm', { kind: 'bearer', origins: [ORIGIN], name: 'The CRM' });
      expect(await used('crm')).toMatchObject({ version: 2, credential: { token: 'hush-hush' } });
    });

    it('keeps no secret that would go to an origin where it did not go before', async () => {
      await put('crm', bearer({ origins: [ORIGIN, OTHER] }));
      await put('crm', { kind: 'bearer', origins: [ORIGIN] });
      await expect(put('crm', { kind: 'bearer', origins: [ORIGIN, OTHER] })).rejects.toThrow(/"token"/);
    });

    it('keeps no secret that would go to another token endpoint', async () => {
      const oauth2 = {
        kind: 'oauth2',
        origins: [ORIGIN],
        client_id: 'us',
        authentication: 'client_secret_post',
      };
      await put('crm', { ...oauth2, token_url: `${ORIGIN}/token`, client_secret: 'hush-hush' });
      await expect(put('crm', { ...oauth2, token_url: `${OTHER}/token` })).rejects.toThrow(/"client_secret"/);
    });

    it('of another kind keeps no secret', async () => {
      await put('crm', bearer());
      const apiKey = { kind: 'api_key', origins: [ORIGIN], header: 'x-api-key' };
      await expect(put('crm', apiKey)).rejects.toThrow(/"value"/);
      await put('crm', { ...apiKey, value: 'new' });
      expect(await used('crm')).toMatchObject({ credential: { kind: 'api_key', value: 'new' } });
    });

    it('loses the secret that it has no use for any more', async () => {
      const oauth2 = { kind: 'oauth2', origins: [ORIGIN], token_url: `${ORIGIN}/token`, client_id: 'us' };
      await put('crm', { ...oauth2, authentication: 'client_secret_basic', client_secret: 'hush-hush' });
      const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----';
      const signing = { ...oauth2, authentication: 'private_key_jwt', private_key: key };
      expect(await put('crm', signing)).toMatchObject({ secretFields: ['private_key'] });
      expect((await used('crm'))?.credential).not.toHaveProperty('client_secret');
    });

    it('loses the secret that is null', async () => {
      const pair = {
        certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
        private_key: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
      };
      await put('mutual', { kind: 'tls', origins: [ORIGIN], ...pair, passphrase: 'hush-hush' });
      const written = await put('mutual', {
        kind: 'tls',
        origins: [ORIGIN],
        certificate: pair.certificate,
        passphrase: null,
      });
      expect(written).toMatchObject({ version: 2, secretFields: ['private_key'] });
    });

    it('without a secret is one, too', async () => {
      expect(await put('authority', authority)).toMatchObject({ secretFields: [] });
      expect(await used('authority', 'tls')).toMatchObject({
        credential: { kind: 'tls', ca: authority['ca'] },
      });
    });

    it('that is not in order is not saved', async () => {
      await expect(put('crm', { kind: 'bearer', origins: [ORIGIN] })).rejects.toThrow(/"token"/);
      expect(await store.credentials.get(workspace, 'crm')).toBeUndefined();
    });

    it('of a version that it does not have is not changed', async () => {
      await put('crm', bearer(), 0);
      await expect(put('crm', bearer({ token: 'new' }), 0)).rejects.toThrow(VersionMismatchError);
      await expect(put('crm', bearer({ token: 'new' }), 2)).rejects.toThrow(VersionMismatchError);
      await expect(store.credentials.delete(change, 'crm', { ifVersion: 2 })).rejects.toThrow(
        VersionMismatchError,
      );
      expect(await put('crm', bearer({ token: 'new' }), 1)).toMatchObject({ version: 2 });
    });

    it('that is created again has a version that it never had, so that nothing takes it for the old one', async () => {
      await put('crm', bearer());
      await store.credentials.delete(change, 'crm');
      await expect(used('crm')).rejects.toThrow('there is no credential "crm"');
      expect(await put('crm', bearer({ token: 'new' }), 0)).toMatchObject({ version: 3, created: true });
    });

    it('is in the audit log, without its secret', async () => {
      await put('crm', bearer());
      await put('crm', bearer({ token: 'hush-again' }));
      await store.credentials.delete(change, 'crm');
      const entries = await store.audit.list(workspace, { limit: 3, subjectType: 'credential' });
      expect(entries).toMatchObject([
        { action: 'credential.deleted', details: { from: 2 } },
        { action: 'credential.updated', details: { kind: 'bearer', to: 2 } },
        { action: 'credential.created', details: { kind: 'bearer', to: 1 }, subject: { id: 'crm' } },
      ]);
      expect(JSON.stringify(entries)).not.toContain('hush');
    });
  });

  describe('a rule that names one', () => {
    beforeEach(async () => {
      await put('crm', bearer());
      await put('authority', authority);
    });

    it('is saved when it is there and fits', async () => {
      const created = await store.rules.create(
        change,
        ruleThatCalls('watch', { auth: 'crm', tls: 'authority' }),
      );
      expect(created.rule.steps).toMatchObject([{ auth: 'crm', tls: 'authority' }]);
    });

    it.each<[string, JsonObject, string, string]>([
      ['is not there', { auth: 'erp' }, 'steps[1].auth', 'there is no credential "erp"'],
      [
        'is of a kind for connections, in `auth`',
        { auth: 'authority' },
        'steps[1].auth',
        'credential "authority" is of kind "tls": what auth names cannot be of kind "tls"',
      ],
      [
        'is of a kind for requests, in `tls`',
        { tls: 'crm' },
        'steps[1].tls',
        'credential "crm" is of kind "bearer": what tls names must be of kind "tls"',
      ],
      [
        'is not for its origin',
        { auth: 'crm', url: `${OTHER}/hook` },
        'steps[1].auth',
        `credential "crm" may not be sent to ${OTHER}`,
      ],
    ])('is refused with the path when it %s', async (_what, step, path, message) => {
      const document = ruleThatCalls('watch', {}, step);
      const refused = store.rules.create(change, document);
      await expect(refused).rejects.toThrow(UnknownReferenceError);
      await expect(refused).rejects.toMatchObject({ path, message });
      await store.rules.create(change, ruleThatCalls('watch', {}));
      await expect(store.rules.replace(change, 'watch', document)).rejects.toMatchObject({ path });
    });

    it('is refused with its place in a whole document', async () => {
      const rules = [ruleThatCalls('fine', { auth: 'crm' }), ruleThatCalls('watch', { auth: 'erp' })];
      const { document } = validateRulebookDocument({ rules });
      const refused = store.apply(change, document, { dryRun: false });
      await expect(refused).rejects.toMatchObject({ path: 'rules[1].steps[0].auth' });
      expect(await store.rules.list(workspace, { limit: 10 })).toEqual([]);
    });

    it('keeps it from being deleted, until the rule names it no more', async () => {
      await store.rules.create(change, ruleThatCalls('watch', { auth: 'crm' }, { auth: 'crm' }));
      const refused = store.credentials.delete(change, 'crm');
      await expect(refused).rejects.toThrow(InUseError);
      await expect(refused).rejects.toThrow('credential "crm" is in use by rule "watch"');
      await store.rules.replace(change, 'watch', ruleThatCalls('watch', {}));
      await store.credentials.delete(change, 'crm');
      expect(await store.credentials.get(workspace, 'crm')).toBeUndefined();
    });

    it('and is deleted keeps nothing', async () => {
      await store.rules.create(change, ruleThatCalls('watch', { auth: 'crm', tls: 'authority' }));
      await store.rules.delete(change, 'watch');
      await store.credentials.delete(change, 'crm');
      await store.credentials.delete(change, 'authority');
      expect(await store.credentials.list(workspace, { limit: 10 })).toEqual([]);
    });

    it('keeps it from becoming one that would not fit', async () => {
      await store.rules.create(change, ruleThatCalls('watch', { auth: 'crm' }));
      await expect(put('crm', bearer({ origins: [OTHER] }))).rejects.toThrow(InUseError);
      await expect(put('crm', authority)).rejects.toThrow('in use by rule "watch", which it would not fit');
      expect(await put('crm', bearer({ origins: [OTHER, ORIGIN] }))).toMatchObject({ version: 2 });
    });

    it('at the moment at which it is deleted never ends up without it', async () => {
      const outcomes = await Promise.allSettled([
        store.rules.create(change, ruleThatCalls('watch', { auth: 'crm' })),
        store.credentials.delete(change, 'crm'),
      ]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
  });
});
