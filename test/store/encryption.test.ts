import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { credentialSchema } from '../../src/destinations/credential';
import {
  makeMasterKey,
  parseMasterKeys,
  textOfMasterKey,
  type MasterKey,
} from '../../src/secrets/master-key';
import { keyIdOf, SecretUnreadableError } from '../../src/secrets/secret-box';
import { EncryptionKeyError } from '../../src/secrets/setup-error';
import { makeSigningKey } from '../../src/secrets/signing-key';
import { openStore, type StoreSettings } from '../../src/store/open-store';
import type { Store } from '../../src/store/store';
import { Canaries } from '../support/canaries';
import { describeOnBothDatabases, runSql } from '../support/stores';
import { temporaryFolder } from '../support/temporary-folder';

const ORIGIN = 'https://hooks.example.com';
const change = { workspace: 'default', actor: 'key/tester' };

const putCredential = (store: Store, id: string, token = 'hush-hush') =>
  store.credentials.put(change, id, { kind: 'bearer', origins: [ORIGIN], token }, (whole) =>
    credentialSchema.parse(whole),
  );
const tokenOf = async (store: Store, id: string) => {
  const { auth } = await store.callSettings.callSettings('default', ORIGIN, { auth: id });
  return auth?.credential.kind === 'bearer' ? auth.credential.token : undefined;
};

/** One secret of each kind. */
async function fill(store: Store): Promise<void> {
  await putCredential(store, 'crm');
  await store.destinations.rotateSigningKey(change, ORIGIN, makeSigningKey('v1'), 0);
  await store.egressProxies.put(change, {
    url: 'http://proxy.example:1',
    password: 'hush-proxy',
    noProxy: [],
  });
  await store.channels.put(change, { id: 'ops', kind: 'webhook', name: null, url: `${ORIGIN}/hush-channel` });
}

/** The ids of all keys with which anything in a database is sealed, each once. */
async function keysInUse(database: StoreSettings): Promise<string[]> {
  const rows = await runSql<{ sealed: string | null }>(
    database,
    `select sealed from credentials union all select sealed from signing_keys
      union all select sealed from egress_proxies union all select sealed from channels union all select value from facts where name = 'encryption-check'`,
  );
  return [...new Set(rows.flatMap(({ sealed }) => (sealed === null ? [] : (keyIdOf(sealed) ?? 'none'))))];
}

/** Another process that stores secrets all the while. */
class Writer {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly lines: AsyncIterator<string>;
  private readonly written: string[] = [];

  constructor(settings: StoreSettings, who: string) {
    const script = join(__dirname, '../support/secret-writer.cjs');
    this.child = spawn(process.execPath, [script, JSON.stringify(settings), who], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** Waits until it has written so many more. */
  async writesMore(count: number): Promise<void> {
    for (let more = 0; more < count; more += 1) {
      const line = await this.lines.next();
      if (line.done === true) throw new Error('the writer ended, as it says above');
      this.written.push(line.value);
    }
  }

  /** @returns the ids of all credentials that it has written */
  async end(): Promise<string[]> {
    this.child.stdin.end();
    for (let line = await this.lines.next(); line.done !== true; line = await this.lines.next()) {
      this.written.push(line.value);
    }
    return this.written;
  }
}

describeOnBothDatabases((databases) => {
  let opened: Store[] = [];
  afterEach(async () => {
    await Promise.all(opened.map((store) => store.close()));
    opened = [];
  });
  const open = async (database: StoreSettings) => {
    const store = await openStore(database);
    opened.push(store);
    return store;
  };
  const file = ({ dataFolder }: StoreSettings) => join(dataFolder, 'encryption-key');
  const keysOf = (database: StoreSettings) =>
    parseMasterKeys(readFileSync(file(database), 'utf8').replaceAll(/^#.*$/gm, ''));
  const keysInFile = (database: StoreSettings) => keysOf(database).map(({ id }) => id);
  /** A database with one secret of each kind. */
  const filled = async (keys?: [MasterKey, ...MasterKey[]]) => {
    const database = { ...(await databases.create()), encryptionKeys: keys };
    const store = await openStore(database);
    await fill(store);
    await store.close();
    return database;
  };

  describe('a start', () => {
    it('makes the file of keys, which its owner alone may read, and seals with its key', async () => {
      const database = await filled();
      expect(statSync(file(database)).mode & 0o777).toBe(0o600);
      expect(await keysInUse(database)).toEqual(keysInFile(database));
    });

    it('makes no file when keys are given', async () => {
      const database = await filled([makeMasterKey()]);
      expect(await keysInUse(database)).toEqual([database.encryptionKeys?.[0].id]);
      expect(() => statSync(file(database))).toThrow('ENOENT');
    });

    it('with the key of before reads what was sealed', async () => {
      const database = await filled();
      expect(await tokenOf(await open(database), 'crm')).toBe('hush-hush');
    });

    it('without the file is refused, and makes no other', async () => {
      const database = await filled();
      const [lost] = keysInFile(database);
      rmSync(file(database));
      const refused = openStore(database);
      await expect(refused).rejects.toThrow(EncryptionKeyError);
      await expect(refused).rejects.toThrow(
        `are sealed with key ${lost}, and ${file(database)} has no key. ` +
          'Without the right one they cannot be read: put that file back, or copy it from the machine that has it.',
      );
      expect(() => statSync(file(database))).toThrow('ENOENT');
    });

    it('with the file of another installation is refused, and so is another machine with its own', async () => {
      const database = await filled();
      // A database on a server has been filled from one machine, and is opened from another.
      const dataFolder = database.databaseUrl === undefined ? database.dataFolder : temporaryFolder();
      writeFileSync(join(dataFolder, 'encryption-key'), textOfMasterKey(makeMasterKey()));
      const refused = openStore({ ...database, dataFolder });
      await expect(refused).rejects.toThrow(EncryptionKeyError);
      await expect(refused).rejects.toThrow(
        /are sealed with key [0-9a-f]{12}, and .*encryption-key has key [0-9a-f]{12} alone/,
      );
    });

    it('with another ENCRYPTION_KEY is refused, and says nothing of the keys but their ids', async () => {
      const [right, wrong] = [makeMasterKey(), makeMasterKey()];
      const database = await filled([right]);
      const error: unknown = await openStore({ ...database, encryptionKeys: [wrong] }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(EncryptionKeyError);
      expect((error as Error).message).toContain(
        `are sealed with key ${right.id}, and ENCRYPTION_KEY has key ${wrong.id} alone`,
      );
      const texts = [right, wrong].map(textOfMasterKey);
      expect(texts.filter((text) => String((error as Error).stack).includes(text))).toEqual([]);
    });

    it('is refused as long as anything is sealed with a key that is missing, though the newest is there', async () => {
      const [old, next] = [makeMasterKey(), makeMasterKey()];
      const database = await filled([old]);
      const store = await open({ ...database, encryptionKeys: [next, old] });
      const [row] = await runSql<{ sealed: string }>(database, 'select sealed from credentials');
      await store.sealed.rotate(change);
      await runSql(database, `update credentials set sealed = '${row?.sealed}'`);
      await expect(openStore({ ...database, encryptionKeys: [next] })).rejects.toThrow(
        `are sealed with key ${old.id}`,
      );
    });

    it('of several processes at once, the first of all, settles on one file', async () => {
      const database = await databases.create();
      const stores = await Promise.all([1, 2, 3, 4].map(() => open(database)));
      await Promise.all(stores.map((store, nth) => putCredential(store, `c-${nth}`, `token-${nth}`)));
      const tokens = stores.map((store, nth) => tokenOf(store, `c-${(nth + 1) % 4}`));
      expect(await Promise.all(tokens)).toEqual(['token-1', 'token-2', 'token-3', 'token-0']);
      expect(await keysInUse(database)).toEqual(keysInFile(database));
    });

    it('of two processes with different keys at once, the first of all, lets one of them come up', async () => {
      const database = await databases.create();
      const starts = [makeMasterKey(), makeMasterKey()].map((key) =>
        open({ ...database, encryptionKeys: [key] }),
      );
      const outcomes = await Promise.allSettled(starts);
      const refused = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [outcome.reason as Error] : [],
      );
      expect(refused).toHaveLength(1);
      expect(refused[0]).toBeInstanceOf(EncryptionKeyError);
    });
  });

  it('nothing that is secret stands in the database, in whatever form', async () => {
    const canaries = new Canaries();
    const database = await databases.create();
    const store = await open(database);
    await putCredential(store, 'crm', canaries.plant('token'));
    const key = makeSigningKey('v1');
    canaries.watch('signing key', key.secret);
    canaries.watch('signing key', Buffer.from(key.secret.slice('whsec_'.length), 'base64'));
    await store.destinations.rotateSigningKey(change, ORIGIN, key, 0);
    const proxy = { url: 'http://proxy.example:1', password: canaries.plant('password'), noProxy: [] };
    await store.egressProxies.put(change, proxy);
    await store.sealed.rotate(change);
    const [masterKey] = keysOf(database);
    canaries.watch('master key', masterKey.key.export());

    const tables = ['credentials', 'signing_keys', 'egress_proxies', 'destinations', 'facts', 'audit_log'];
    const rows = await Promise.all(tables.map((table) => runSql(database, `select * from ${table}`)));
    expect(rows.filter((some) => some.length === 0)).toEqual([]);
    expect(canaries.in(JSON.stringify(rows))).toEqual([]);
    const files = readdirSync(database.dataFolder).filter((name) => name.startsWith('rule-webhooks.db'));
    expect(
      files.filter((name) => canaries.in(readFileSync(join(database.dataFolder, name))).length > 0),
    ).toEqual([]);
  });

  describe('a rotation', () => {
    it('of the file makes a key, seals all with it, and forgets the old one', async () => {
      const database = await filled();
      const [old] = keysInFile(database);
      const store = await open(database);
      const { key, ...rest } = await store.sealed.rotate(change);
      expect(rest).toEqual({ resealed: 4, retired: [old] });
      expect(key).not.toBe(old);
      expect([await keysInUse(database), keysInFile(database)]).toEqual([[key], [key]]);
      const again = await open(database);
      expect(await tokenOf(again, 'crm')).toBe('hush-hush');
      expect((await again.callSettings.callSettings('default', ORIGIN, {})).proxy?.password).toBe(
        'hush-proxy',
      );
    });

    it('of given keys goes over to the first, and says which may be left out', async () => {
      const [old, next] = [makeMasterKey(), makeMasterKey()];
      const database = await filled([old]);
      const store = await open({ ...database, encryptionKeys: [next, old] });
      await putCredential(store, 'before');
      expect(await keysInUse(database)).toEqual([old.id]);
      expect(await store.sealed.rotate(change)).toEqual({ resealed: 5, key: next.id, retired: [old.id] });
      await putCredential(store, 'after');
      expect(await keysInUse(database)).toEqual([next.id]);
      const alone = await open({ ...database, encryptionKeys: [next] });
      expect(await tokenOf(alone, 'crm')).toBe('hush-hush');
      expect(await alone.sealed.rotate(change)).toEqual({ resealed: 0, key: next.id, retired: [] });
    });

    it("goes from the file to given keys, when the file's is among them", async () => {
      const database = await filled();
      const [old] = keysOf(database);
      const next = makeMasterKey();
      const store = await open({ ...database, encryptionKeys: [next, old] });
      expect(await store.sealed.rotate(change)).toMatchObject({ key: next.id, retired: [old.id] });
      expect(keysInFile(database)).toEqual([old.id]);
    });

    it('is followed by another process on the same file', async () => {
      const database = await filled();
      const other = await open(database);
      const { key } = await (await open(database)).sealed.rotate(change);
      expect(await tokenOf(other, 'crm')).toBe('hush-hush');
      await putCredential(other, 'erp', 'hush-erp');
      expect(await tokenOf(other, 'erp')).toBe('hush-erp');
      expect(await keysInUse(database)).toEqual([key]);
    });

    it('lets a process that does not have the new key seal nothing', async () => {
      const [old, next] = [makeMasterKey(), makeMasterKey()];
      const database = await filled([old]);
      const other = await open(database);
      await (await open({ ...database, encryptionKeys: [next, old] })).sealed.rotate(change);
      const refused = putCredential(other, 'erp');
      await expect(refused).rejects.toThrow(SecretUnreadableError);
      await expect(refused).rejects.toThrow(`sealed with the key ${next.id}, which is not in ENCRYPTION_KEY`);
      await expect(other.callSettings.callSettings('default', 'https://new.example', {})).rejects.toThrow(
        SecretUnreadableError,
      );
      expect(await keysInUse(database)).toEqual([next.id]);
    });

    it('seals more than one transaction takes, and is one entry of the audit log', async () => {
      const database = await databases.create();
      const store = await open(database);
      const origins = Array.from({ length: 205 }, (_, nth) => `https://host-${nth}.example`);
      await Promise.all(origins.map((origin) => store.callSettings.callSettings('default', origin, {})));
      const { key, resealed } = await store.sealed.rotate(change);
      expect([resealed, await keysInUse(database)]).toEqual([205, [key]]);
      const entries = await store.audit.list('default', { limit: 10, subjectType: 'encryption' });
      expect(entries).toMatchObject([
        {
          action: 'encryption.rotated',
          actor: 'key/tester',
          subject: { id: key },
          details: { resealed: 205 },
        },
      ]);
    });

    it('leaves nothing sealed with an old key, though other processes write all the while', async () => {
      const database = await databases.create();
      const store = await open(database);
      const writers = ['one', 'two'].map((who) => new Writer(database, who));
      const keys: string[] = [];
      for (let rotations = 0; rotations < 6; rotations += 1) {
        for (const writer of writers) await writer.writesMore(5);
        keys.push((await store.sealed.rotate(change)).key);
      }
      for (const writer of writers) await writer.writesMore(5);
      const written = (await Promise.all(writers.map((writer) => writer.end()))).flat();
      expect(await keysInUse(database)).toEqual(keys.slice(-1));
      expect(keysInFile(database)).toEqual(keys.slice(-1));
      const fresh = await open(database);
      const tokens = await Promise.all(written.map((id) => tokenOf(fresh, id)));
      expect(tokens).toEqual(written.map((id) => `token-${id}`));
    });

    it('at the same time as others in other processes loses nothing', async () => {
      const database = await filled();
      const stores = await Promise.all([1, 2, 3].map(() => open(database)));
      await Promise.all(stores.map((store) => store.sealed.rotate(change)));
      const { key } = (await stores[0]?.sealed.rotate(change)) ?? { key: '' };
      expect([await keysInUse(database), keysInFile(database)]).toEqual([[key], [key]]);
      expect(await tokenOf(await open(database), 'crm')).toBe('hush-hush');
    });

    it('that meets a secret which no key opens names it and loses nothing; once that is gone, it goes on', async () => {
      const database = await filled();
      const store = await open(database);
      await putCredential(store, 'broken');
      await runSql(
        database,
        `update credentials set sealed = substr(sealed, 1, 90) || 'A' where id = 'broken'`,
      );
      const [old] = keysInFile(database);
      const refused = store.sealed.rotate(change);
      await expect(refused).rejects.toThrow(SecretUnreadableError);
      await expect(refused).rejects.toThrow('credential/default/broken');
      expect(keysInFile(database)).toContain(old);
      expect(await tokenOf(await open(database), 'crm')).toBe('hush-hush');
      await store.credentials.delete(change, 'broken');
      const { key } = await store.sealed.rotate(change);
      expect([await keysInUse(database), keysInFile(database)]).toEqual([[key], [key]]);
      expect(await tokenOf(store, 'crm')).toBe('hush-hush');
    });
  });
});
