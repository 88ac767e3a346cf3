import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type StoreSettings } from '../../src/store/open-store';
import type { JsonObject } from '../../src/shared/json';
import type { Change, Store } from '../../src/store/store';
import { canHavePostgres, createDatabase, PostgresCluster } from './postgres';

/** Databases of one kind for tests. What they leave open is closed when the tests have run. */
export interface TestDatabases {
  /** The settings of a database that is new and empty. */
  create(): Promise<StoreSettings>;
  /** Opens a store that is closed after the tests. */
  open(settings: StoreSettings): Promise<Store>;
  /** A store that the tests share, so each of them needs a workspace of its own. */
  shared(): Promise<Store>;
}

/** Runs the same tests over SQLite and over PostgreSQL. */
export function describeOnBothDatabases(tests: (databases: TestDatabases) => void): void {
  describe('on SQLite', () => {
    const folders: string[] = [];
    afterAll(() => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });
    tests(
      databasesFrom(async () => {
        const dataFolder = mkdtempSync(join(tmpdir(), 'rule-webhooks-store-'));
        folders.push(dataFolder);
        return { dataFolder };
      }),
    );
  });
  (canHavePostgres() ? describe : describe.skip)('on PostgreSQL', () => {
    let cluster: PostgresCluster | undefined;
    let serverUrl = process.env['DATABASE_URL_TEST'] ?? '';
    beforeAll(async () => {
      if (serverUrl !== '') return;
      cluster = await PostgresCluster.start();
      serverUrl = cluster.url;
    });
    afterAll(() => cluster?.remove());
    tests(
      databasesFrom(async () => ({
        databaseUrl: await createDatabase(serverUrl),
        dataFolder: join(tmpdir(), 'not-used'),
      })),
    );
  });
}

function databasesFrom(create: () => Promise<StoreSettings>): TestDatabases {
  const opened: Store[] = [];
  let shared: Promise<Store> | undefined;
  const open = async (settings: StoreSettings) => {
    const store = await openStore(settings);
    opened.push(store);
    return store;
  };
  afterAll(() => Promise.all(opened.map((store) => store.close())));
  return {
    create,
    open,
    shared: () => (shared ??= create().then(open)),
  };
}

/** A workspace that no other test uses. @returns what changes in it are made as */
export async function newWorkspace(store: Store): Promise<Change> {
  const workspace = `w-${randomUUID()}`;
  await store.workspaces.create({ workspace: 'default', actor: 'test' }, { id: workspace, name: 'A test' });
  return { workspace, actor: 'key/tester' };
}

/** A rule as people write it. */
export function ruleDocument(id: string, changed: JsonObject = {}): JsonObject {
  return {
    id,
    name: 'A rule',
    owner: { name: 'Ada', email: 'ada@example.com' },
    filters: { changes: { value: 'grade_drop' }, scorecards: { value: 'followed' } },
    steps: [{ action: 'call_webhook', url: 'https://example.com/hook' }],
    ...changed,
  };
}

/** The filters of a rule for a portfolio. */
export function forPortfolio(id: string) {
  return {
    filters: { changes: { value: 'grade_drop' }, scorecards: { value: 'in_portfolio', portfolio_id: id } },
  };
}
