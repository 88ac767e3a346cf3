import { sql } from 'kysely';
import { ApiKeyRepository } from './api-keys';
import { applyDocument } from './apply';
import { AuditLog } from './audit';
import { Changes } from './changes';
import type { Database } from './database';
import { DestinationRepository } from './destinations';
import { EventQueue } from './event-queue';
import { EventTypeRepository } from './event-types';
import { EventRepository } from './events';
import { createFacts } from './facts';
import { StoredFeed } from './feed';
import { IssueTypeRepository } from './issue-types';
import { MemberRepository } from './members';
import { migrate } from './migrations';
import { PortfolioRepository } from './portfolios';
import { openPostgres } from './postgres';
import { StoredRulebook } from './rulebook';
import { RuleRepository } from './rules';
import { ScorecardRepository } from './scorecards';
import { StoreSetupError } from './setup-error';
import { openSqlite } from './sqlite';
import type { Store } from './store';
import { WorkspaceRepository } from './workspaces';

export interface StoreSettings {
  /** `postgres://…`. Without it the store is a SQLite file. May hold a password: never shown. */
  databaseUrl?: string | undefined;
  /** Where the SQLite file `rule-webhooks.db` is kept. */
  dataFolder: string;
}

/** Opens the store, and brings its schema up to date under a lock. @throws StoreSetupError */
export async function openStore({ databaseUrl, dataFolder }: StoreSettings): Promise<Store> {
  const database = databaseUrl === undefined ? await openSqlite(dataFolder) : await openPostgres(databaseUrl);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    if (error instanceof StoreSetupError) throw error;
    throw new StoreSetupError(
      `The store (${database.description}) cannot be prepared: ${(error as Error).message}`,
    );
  }
  return createStore(database);
}

function createStore(database: Database): Store {
  const changes = new Changes(database);
  const queue = new EventQueue(database);
  return {
    description: database.description,
    workspaces: new WorkspaceRepository(database, changes),
    rules: new RuleRepository(database, changes),
    scorecards: new ScorecardRepository(database, changes),
    portfolios: new PortfolioRepository(database, changes),
    issueTypes: new IssueTypeRepository(database, changes),
    members: new MemberRepository(database, changes),
    apiKeys: new ApiKeyRepository(database, changes),
    eventTypes: new EventTypeRepository(database, changes),
    events: new EventRepository(database, queue),
    destinations: new DestinationRepository(database),
    audit: new AuditLog(database),
    rulebook: new StoredRulebook(database),
    feed: new StoredFeed(database, changes),
    facts: createFacts(database),
    apply: (change, document, options) =>
      changes.run(change, (underWay) => applyDocument(underWay, document), options),
    ping: async () => {
      await sql`select 1`.execute(database.reader);
    },
    close: async () => {
      await queue.close();
      await database.close();
    },
  };
}
