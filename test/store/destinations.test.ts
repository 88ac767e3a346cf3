import { setImmediate as nextTurn } from 'node:timers/promises';
import { credentialSchema } from '../../src/destinations/credential';
import { destinationSettingsSchema } from '../../src/destinations/settings';
import { makeSigningKey } from '../../src/secrets/signing-key';
import { MAX_SIGNING_KEYS } from '../../src/shared/limits';
import { InUseError, NotFoundError, VersionMismatchError } from '../../src/store/errors';
import type { Change } from '../../src/store/record';
import type { Store } from '../../src/store/store';
import { describeOnBothDatabases, newWorkspace, ruleDocument } from '../support/stores';

const ORIGIN = 'https://hooks.example.com';
const HOUR_MS = 3_600_000;
const settings = (changed: object = {}) => destinationSettingsSchema.parse(changed);
const ruleThatCalls = (id: string, ...urls: string[]) =>
  ruleDocument(id, { steps: urls.map((url) => ({ action: 'call_webhook', url })) });

describeOnBothDatabases((databases) => {
  let store: Store;
  let change: Change;
  let workspace: string;
  const origins = async (page: { after?: string; limit: number } = { limit: 10 }) =>
    (await store.destinations.list(workspace, page)).map(({ origin }) => origin);
  /** The ids of the keys that sign a call now, newest first. */
  const signing = async (origin = ORIGIN) =>
    (await store.callSettings.callSettings(workspace, origin, {})).signingKeys.map(({ id }) => id);
  const rotate = async (overlapMs: number) => {
    const key = makeSigningKey('v1');
    await store.destinations.rotateSigningKey(change, ORIGIN, key, overlapMs);
    return key.id;
  };

  beforeEach(async () => {
    store = await databases.shared();
    change = await newWorkspace(store);
    workspace = change.workspace;
  });

  describe('destinations', () => {
    it('are the origins that steps call, and those that something was set or recorded for', async () => {
      await store.rules.create(
        change,
        ruleThatCalls('one', 'https://B.example:443/x?y', 'http://c.example:8080/', 'https://b.example/z'),
      );
      await store.destinations.putSettings(change, 'https://d.example', settings());
      await store.destinations.recordFailure(workspace, 'https://a.example', { at: '2026', error: '500' });
      await store.destinations.rotateSigningKey(change, 'https://e.example', makeSigningKey('v1'), 0);
      const all = [
        'http://c.example:8080',
        'https://a.example',
        'https://b.example',
        'https://d.example',
        'https://e.example',
      ];
      expect(await origins()).toEqual(all);
      expect(await origins({ after: 'https://a.example', limit: 2 })).toEqual(all.slice(2, 4));
    });

    it('are no longer those that no step calls any more', async () => {
      await store.rules.create(change, ruleThatCalls('one', 'https://a.example', 'https://b.example'));
      await store.rules.create(change, ruleThatCalls('two', 'https://c.example'));
      await store.rules.replace(change, 'one', ruleThatCalls('one', 'https://a.example'));
      await store.rules.delete(change, 'two');
      expect(await origins()).toEqual(['https://a.example']);
      expect(await store.destinations.get(workspace, 'https://b.example')).toBeUndefined();
    });

    it('of another workspace are not there', async () => {
      await store.rules.create(change, ruleThatCalls('one', ORIGIN));
      await store.destinations.putSettings(change, ORIGIN, settings());
      const other = await newWorkspace(store);
      expect(await store.destinations.list(other.workspace, { limit: 10 })).toEqual([]);
      expect(await store.destinations.get(other.workspace, ORIGIN)).toBeUndefined();
    });

    it('one that a step calls is there before anything was set for it', async () => {
      await store.rules.create(change, ruleThatCalls('one', ORIGIN));
      expect(await store.destinations.get(workspace, ORIGIN)).toEqual({
        origin: ORIGIN,
        settings: settings(),
        signingKeys: [],
        health: {
          failingSince: null,
          consecutiveFailures: 0,
          lastError: null,
          lastFailureAt: null,
          lastRecoveryAt: null,
          disabled: null,
          openUntil: null,
        },
        version: 0,
        createdAt: '',
        updatedAt: '',
        updatedBy: '',
      });
    });

    it('settings are put, compared and read by calls', async () => {
      const limits = { max_concurrent: 3, requests_per_second: 0.5, burst: null };
      const put = (ifVersion?: number) =>
        store.destinations.putSettings(change, ORIGIN, settings({ limits }), { ifVersion });
      expect(await put(0)).toMatchObject({ version: 1, created: true, updatedBy: 'key/tester' });
      expect(await put(1)).toMatchObject({ version: 1, created: false, settings: { limits } });
      await expect(put(0)).rejects.toThrow(VersionMismatchError);
      expect((await store.callSettings.callSettings(workspace, ORIGIN, {})).limits).toEqual(limits);
      expect(await store.destinations.putSettings(change, ORIGIN, settings())).toMatchObject({ version: 2 });
    });

    it('settings stay when calls fail, and failures when settings are put', async () => {
      const failure = { at: '2026-01-01', error: '500' };
      await store.destinations.recordFailure(workspace, ORIGIN, failure);
      await store.destinations.putSettings(change, ORIGIN, settings({ limits: { burst: 2 } }));
      await store.destinations.recordFailure(workspace, ORIGIN, failure);
      expect(await store.destinations.get(workspace, ORIGIN)).toMatchObject({
        version: 1,
        settings: { limits: { burst: 2 } },
        health: { consecutiveFailures: 2 },
      });
    });

    it('a credential that is not there or does not fit is refused at its field', async () => {
      const put = (changed: object) => store.destinations.putSettings(change, ORIGIN, settings(changed));
      await expect(put({ auth: 'crm' })).rejects.toMatchObject({
        path: 'auth',
        message: 'there is no credential "crm"',
      });
      const bearer = { kind: 'bearer', origins: ['https://other.example'], token: 'hush-hush' };
      await store.credentials.put(change, 'crm', bearer, (whole) => credentialSchema.parse(whole));
      await expect(put({ auth: 'crm' })).rejects.toMatchObject({ path: 'auth' });
      await expect(put({ tls: 'crm' })).rejects.toMatchObject({ path: 'tls' });
      expect(await store.destinations.get(workspace, ORIGIN)).toBeUndefined();
    });

    it('one that names a credential keeps it, as it fits', async () => {
      const put = (origin: string) =>
        store.credentials.put(
          change,
          'crm',
          { kind: 'bearer', origins: [origin], token: 'hush-hush' },
          (whole) => credentialSchema.parse(whole),
        );
      await put(ORIGIN);
      await store.destinations.putSettings(change, ORIGIN, settings({ auth: 'crm' }));
      const inUse = `credential "crm" is in use by destination ${ORIGIN}`;
      await expect(store.credentials.delete(change, 'crm')).rejects.toThrow(new InUseError(inUse));
      await expect(put('https://other.example')).rejects.toThrow(inUse);
      await store.destinations.putSettings(change, ORIGIN, settings());
      await store.credentials.delete(change, 'crm');
      expect(await store.credentials.get(workspace, 'crm')).toBeUndefined();
    });
  });

  describe('signing keys', () => {
    it('the first call to an origin makes its first key, and later ones sign with the same', async () => {
      const [first] = (await store.callSettings.callSettings(workspace, ORIGIN, {})).signingKeys;
      expect(first).toMatchObject({ algorithm: 'v1', secret: expect.stringMatching(/^whsec_/) as string });
      expect((await store.callSettings.callSettings(workspace, ORIGIN, {})).signingKeys).toEqual([first]);
      expect(await store.destinations.get(workspace, ORIGIN)).toMatchObject({
        version: 0,
        signingKeys: [{ id: first?.id, isShown: false, publicKey: null, signsUntil: null }],
      });
    });

    it('a call to an origin that has a key writes nothing', async () => {
      await signing();
      const before = await store.feed.clock();
      await signing();
      expect(await store.feed.clock()).toBe(before);
    });

    it('the first calls of many processes at once make one key', async () => {
      const settingsOfStore = await databases.create();
      const stores = await Promise.all([1, 2, 3].map(() => databases.open(settingsOfStore)));
      const calls = stores.flatMap((each) =>
        Array.from({ length: 20 }, () => each.callSettings.callSettings('default', ORIGIN, {})),
      );
      const secrets = (await Promise.all(calls)).map(({ signingKeys }) =>
        signingKeys.map(({ secret }) => secret).join(),
      );
      expect(new Set(secrets).size).toBe(1);
      const entries = await stores[0]?.audit.list('default', { limit: 10, subjectId: ORIGIN });
      expect(entries).toMatchObject([{ action: 'signing_key.created', actor: 'delivery' }]);
    });

    it('each origin and each workspace has its own', async () => {
      const other = await newWorkspace(store);
      const keys = [
        ...(await signing()),
        ...(await signing('https://other.example')),
        ...(await store.callSettings.callSettings(other.workspace, ORIGIN, {})).signingKeys.map(
          ({ id }) => id,
        ),
      ];
      expect(new Set(keys).size).toBe(3);
    });

    it('after a rotation both sign, the new one first, until the overlap ends', async () => {
      const old = await rotate(0);
      const next = await rotate(HOUR_MS);
      expect(await signing()).toEqual([next, old]);
      const [, before] = (await store.destinations.get(workspace, ORIGIN))?.signingKeys ?? [];
      expect(before).toMatchObject({ id: old, isShown: true });
      expect(Date.parse(before?.signsUntil ?? '') - Date.now()).toBeLessThanOrEqual(HOUR_MS);
      const last = await rotate(1);
      while ((await signing()).length > 1) await nextTurn();
      expect(await signing()).toEqual([last]);
    });

    it('a key whose secret was never shown ends with the first rotation', async () => {
      await signing();
      const next = await rotate(HOUR_MS);
      expect(await signing()).toEqual([next]);
    });

    it('a rotation lets no key sign for longer than it would have', async () => {
      const first = await rotate(0);
      await rotate(HOUR_MS);
      const before = (await store.destinations.get(workspace, ORIGIN))?.signingKeys.at(-1);
      await rotate(24 * HOUR_MS);
      const after = (await store.destinations.get(workspace, ORIGIN))?.signingKeys.at(-1);
      expect(after).toEqual(before);
      expect(after?.id).toBe(first);
    });

    it('a rotation without an overlap ends all others at once', async () => {
      await rotate(0);
      await rotate(HOUR_MS);
      const last = await rotate(0);
      expect(await signing()).toEqual([last]);
    });

    it('one of ed25519 shows its public key, and signs with its secret', async () => {
      const key = makeSigningKey('v1a');
      const rotated = await store.destinations.rotateSigningKey(change, ORIGIN, key, 0);
      expect(rotated.signingKeys).toMatchObject([
        { id: key.id, algorithm: 'v1a', publicKey: expect.stringMatching(/^whpk_/) as string },
      ]);
      expect(JSON.stringify(rotated)).not.toContain(key.secret);
      expect((await store.callSettings.callSettings(workspace, ORIGIN, {})).signingKeys).toEqual([key]);
    });

    it('an old one is revoked at once, and the newest never', async () => {
      const old = await rotate(0);
      const next = await rotate(HOUR_MS);
      const revoked = await store.destinations.revokeSigningKey(change, ORIGIN, old);
      expect(revoked.signingKeys.map(({ id }) => id)).toEqual([next]);
      expect(await signing()).toEqual([next]);
      await expect(store.destinations.revokeSigningKey(change, ORIGIN, next)).rejects.toThrow(InUseError);
      await expect(store.destinations.revokeSigningKey(change, ORIGIN, old)).rejects.toThrow(NotFoundError);
      await expect(
        store.destinations.revokeSigningKey(await newWorkspace(store), ORIGIN, next),
      ).rejects.toThrow(NotFoundError);
    });

    it('no more than a few sign at once', async () => {
      for (let count = 1; count <= MAX_SIGNING_KEYS; count += 1) await rotate(HOUR_MS);
      await expect(rotate(HOUR_MS)).rejects.toThrow(`${MAX_SIGNING_KEYS} keys sign calls to ${ORIGIN}`);
      expect(await signing()).toHaveLength(MAX_SIGNING_KEYS);
      await rotate(0);
      expect(await signing()).toHaveLength(1);
    });

    it('are in the audit log, without their secrets', async () => {
      const key = makeSigningKey('v1');
      const old = await rotate(0);
      await store.destinations.rotateSigningKey(change, ORIGIN, key, HOUR_MS);
      await store.destinations.revokeSigningKey(change, ORIGIN, old);
      const entries = await store.audit.list(workspace, { limit: 2, subjectId: ORIGIN });
      expect(entries).toMatchObject([
        { action: 'signing_key.revoked', details: { key: old } },
        { action: 'signing_key.rotated', details: { key: key.id, algorithm: 'v1', overlap_ms: HOUR_MS } },
      ]);
      expect(JSON.stringify(entries)).not.toContain(key.secret);
    });
  });
});
