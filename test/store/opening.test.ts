import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../src/store/open-store';
import { StoreSetupError } from '../../src/store/setup-error';
import { describeOnBothDatabases, ruleDocument, runSql } from '../support/stores';
import { temporaryFolder } from '../support/temporary-folder';

const change = { workspace: 'default', actor: 'test' };

describeOnBothDatabases((databases) => {
  it('two processes that start at once on an empty database both come up', async () => {
    const settings = await databases.create();
    const stores = await Promise.all([1, 2, 3].map(() => databases.open(settings)));
    await Promise.all(stores.map((store, n) => store.rules.create(change, ruleDocument(`rule-${n}`))));
    expect(await stores[0]?.rules.list('default', { limit: 10 })).toHaveLength(3);
  });

  it('what was written is there when it is opened again', async () => {
    const settings = await databases.create();
    const store = await databases.open(settings);
    await store.rules.create(change, ruleDocument('watch'));
    await store.close();
    const again = await databases.open(settings);
    expect(await again.rules.get('default', 'watch')).toMatchObject({ version: 1 });
    await again.ping();
  });

  it('a schema that is newer than the program is refused', async () => {
    const settings = await databases.create();
    await (await databases.open(settings)).close();
    await runSql(settings, 'update schema_version set version = version + 1');
    const refused = openStore(settings);
    await expect(refused).rejects.toThrow(StoreSetupError);
    await expect(refused).rejects.toThrow(/was written by a newer version of this program/);
  });

  it('a rule that this program cannot read keeps no other from being fed', async () => {
    const settings = await databases.create();
    const store = await databases.open(settings);
    await store.rules.create(change, ruleDocument('good'));
    await store.rules.create(change, ruleDocument('odd'));
    await runSql(settings, `update rules set document = '{"id": "odd"}' where id = 'odd'`);
    const items = [];
    for await (const chunk of store.feed.changes(0)) items.push(...chunk.items);
    expect(items).toMatchObject([
      { id: 'good', stored: { version: 1 } },
      { id: 'odd', stored: undefined, problem: expect.stringContaining('name') as string },
    ]);
  });
});

describe('the SQLite file', () => {
  it('is made with its folder, and only its owner may read it and what lies beside it', async () => {
    const dataFolder = join(temporaryFolder(), 'new', 'data');
    const store = await openStore({ dataFolder });
    await store.rules.create(change, ruleDocument('watch'));
    const files = readdirSync(dataFolder);
    expect(files.sort()).toEqual([
      'encryption-key',
      'rule-webhooks.db',
      'rule-webhooks.db-shm',
      'rule-webhooks.db-wal',
    ]);
    const modes = files.map((file) => statSync(join(dataFolder, file)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600, 0o600]);
    await store.close();
  });

  it('loses rights that others had on it', async () => {
    const dataFolder = temporaryFolder();
    writeFileSync(join(dataFolder, 'rule-webhooks.db'), '', { mode: 0o644 });
    await (await openStore({ dataFolder })).close();
    expect(statSync(join(dataFolder, 'rule-webhooks.db')).mode & 0o777).toBe(0o600);
  });

  it('that is none is refused', async () => {
    const dataFolder = temporaryFolder();
    writeFileSync(
      join(dataFolder, 'rule-webhooks.db'),
      'this is no database, however long it may be: '.repeat(20),
    );
    await expect(openStore({ dataFolder })).rejects.toThrow(StoreSetupError);
  });

  it('cannot lie where there is no folder to be made', async () => {
    const file = join(temporaryFolder(), 'a-file');
    writeFileSync(file, '');
    await expect(openStore({ dataFolder: join(file, 'data') })).rejects.toThrow(StoreSetupError);
  });

  it('cannot be a folder', async () => {
    const dataFolder = temporaryFolder();
    mkdirSync(join(dataFolder, 'rule-webhooks.db'));
    await expect(openStore({ dataFolder })).rejects.toThrow(StoreSetupError);
  });
});

describe('a DATABASE_URL that cannot be used', () => {
  const password = 'sec/ret:p@ss';
  const open = (databaseUrl: string) => openStore({ databaseUrl, dataFolder: temporaryFolder() });

  it.each([
    ['of another kind', 'mysql://user:s3cret@localhost/db'],
    ['that is no URL', 'postgres//user:s3cret@localhost'],
    ['with a password that is not encoded', `postgres://user:${password}@localhost:1/db`],
    ['of a server that is not there', 'postgres://user:s3cret@127.0.0.1:1/db'],
    ['of a host that is not there', 'postgres://user:s3cret@nowhere.invalid/db'],
  ])('%s is refused without showing the password', async (_kind, url) => {
    const error: unknown = await open(url).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreSetupError);
    expect(String((error as Error).stack)).not.toMatch(/s3cret|sec\/ret|p@ss/);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/s3cret|sec\/ret|p@ss/);
  });
});
