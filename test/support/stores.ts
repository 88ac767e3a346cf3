import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Libsql from 'libsql';
import { Client } from 'pg';
import { openStore, type StoreSettings } from '../../src/store/open-store';
import type { JsonObject } from '../../src/shared/json';
import type { Change } from '../../src/store/record';
import type { Store } from '../../src/store/store';
import { canHavePostgres, createDatabase, PostgresCluster } from './postgres';
import { temporaryFolder } from './temporary-folder';

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
    tests(databasesFrom(async () => ({ dataFolder: temporaryFolder() })));
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
        dataFolder: temporaryFolder(),
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
  const firstKey = {
    id: randomUUID(),
    name: 'First admin key',
    role: 'admin',
    hash: '0'.repeat(64),
  } as const;
  const change = { workspace: 'default', actor: 'test' };
  await store.workspaces.create(change, { id: workspace, name: 'A test' }, firstKey);
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

/** Runs a statement as the database's owner would, past the store. @returns the rows, if any */
export async function runSql<Row>(
  { databaseUrl, dataFolder }: StoreSettings,
  statement: string,
): Promise<Row[]> {
  if (databaseUrl !== undefined) {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    const { rows } = await client.query(statement);
    await client.end();
    return rows as Row[];
  }
  const file = new Libsql(join(dataFolder, 'rule-webhooks.db'), { timeout: 5_000 });
  try {
    const prepared = file.prepare(statement);
    if (prepared.reader) return prepared.all() as Row[];
    prepared.run();
    return [];
  } finally {
    file.close();
  }
}
