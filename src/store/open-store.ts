import { sql } from 'kysely';
import { KeyFile } from '../secrets/key-file';
import { givenKeys, type KeyRing } from '../secrets/key-ring';
import type { MasterKey } from '../secrets/master-key';
import { EncryptionKeyError } from '../secrets/setup-error';
import { ApiKeyRepository } from './api-keys';
import { applyDocument } from './apply';
import { AuditLog } from './audit';
import { StoredCallSettings } from './call-settings';
import { CallingProcessRepository } from './calling-processes';
import { Changes } from './changes';
import { ChannelRepository } from './channels';
import { CredentialRepository } from './credentials';
import type { Database } from './database';
import { DestinationCallRepository } from './destination-calls';
import type { FailureLimits } from './destination-failures';
import { DestinationRepository } from './destinations';
import { EgressProxyRepository } from './egress-proxies';
import { EscalationRepository } from './escalations';
import { EventQueue } from './event-queue';
import { EventTypeRepository } from './event-types';
import { EventRepository } from './events';
import { createFacts } from './facts';
import { StoredFeed } from './feed';
import { IssueTypeRepository } from './issue-types';
import { KeyRotation } from './key-rotation';
import { MemberRepository } from './members';
import { migrate } from './migrations';
import { PortfolioRepository } from './portfolios';
import { openPostgres } from './postgres';
import { StoredRulebook } from './rulebook';
import { RuleRepository } from './rules';
import { ScorecardStateRepository } from './scorecard-states';
import { ScorecardRepository } from './scorecards';
import { SessionRepository } from './sessions';
import { StoreSetupError } from './setup-error';
import { StoredSignedTexts } from './signed-texts';
import { openSqlite } from './sqlite';
import type { Store } from './store';
import { Vault } from './vault';
import { WorkspaceRepository } from './workspaces';

export interface StoreSettings {
  /** `postgres://…`. Without it the store is a SQLite file. May hold a password: never shown. */
  databaseUrl?: string | undefined;
  /** Where the SQLite file `rule-webhooks.db` is kept, and the file `encryption-key` unless keys are given. */
  dataFolder: string;
  /** What ENCRYPTION_KEY says: the first one is that which a rotation goes over to. */
  encryptionKeys?: readonly [MasterKey, ...MasterKey[]] | undefined;
  /** After which failures calls to a destination are held. Absent: after none. */
  failureLimits?: FailureLimits;
}

/**
 * Opens the store, brings its schema up to date under a lock, and makes sure that its secrets can be read.
 *
 * @throws StoreSetupError; EncryptionKeyError
 */
export async function openStore({
  databaseUrl,
  dataFolder,
  encryptionKeys,
  failureLimits = { breakerFailures: 0, disableAfterMs: 0 },
}: StoreSettings): Promise<Store> {
  const database = databaseUrl === undefined ? await openSqlite(dataFolder) : await openPostgres(databaseUrl);
  const keys =
    encryptionKeys === undefined ? new KeyFile(dataFolder) : givenKeys(encryptionKeys, 'ENCRYPTION_KEY');
  const vault = new Vault(keys);
  try {
    await migrate(database);
    await vault.settle(database);
  } catch (error) {
    await database.close();
    if (error instanceof StoreSetupError || error instanceof EncryptionKeyError) throw error;
    throw new StoreSetupError(
      `The store (${database.description}) cannot be prepared: ${(error as Error).message}`,
    );
  }
  return createStore(database, vault, keys, failureLimits);
}

function createStore(database: Database, vault: Vault, keys: KeyRing, failureLimits: FailureLimits): Store {
  const changes = new Changes(database);
  const queue = new EventQueue(database);
  return {
    description: database.description,
    workspaces: new WorkspaceRepository(database, changes),
    rules: new RuleRepository(database, changes),
    scorecards: new ScorecardRepository(database, changes),
    scorecardStates: new ScorecardStateRepository(database),
    portfolios: new PortfolioRepository(database, changes),
    issueTypes: new IssueTypeRepository(database, changes),
    members: new MemberRepository(database, changes),
    apiKeys: new ApiKeyRepository(database, changes),
    sessions: new SessionRepository(database, changes),
    eventTypes: new EventTypeRepository(database, changes),
    events: new EventRepository(database, queue),
    destinations: new DestinationRepository(database, changes, vault, failureLimits),
    credentials: new CredentialRepository(database, changes, vault),
    egressProxies: new EgressProxyRepository(database, changes, vault),
    channels: new ChannelRepository(database, changes, vault),
    sealed: new KeyRotation(changes, vault, keys),
    callSettings: new StoredCallSettings(database, changes, vault),
    destinationCalls: new DestinationCallRepository(database),
    callingProcesses: new CallingProcessRepository(database),
    escalations: new EscalationRepository(database),
    signedTexts: new StoredSignedTexts(database, vault),
    audit: new AuditLog(database, changes),
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
