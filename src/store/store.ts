import type { CallSettingsSource } from '../destinations/call-settings';
import type { Rulebook } from '../rules/rulebook';
import type { RulebookDocument } from '../rules/rulebook-document';
import type { Severity } from '../rules/scale';
import type { ApiKeys, NewApiKey } from './api-key-store';
import type { Audit } from './audit-store';
import type { Channels } from './channel-store';
import type { DestinationCalls } from './destination-call-store';
import type {
  CallingProcesses,
  Credentials,
  Destinations,
  EgressProxies,
  SealedSecrets,
} from './destination-store';
import type { Escalations } from './escalation-store';
import type { EventTypes, Events } from './event-store';
import type { Change, IfVersion, Page, Stamped } from './record';
import type { RuleFeed } from './rule-feed';
import type { Rules } from './rule-store';
import type { Portfolios, ScorecardStates, Scorecards } from './scorecard-store';
import type { Sessions } from './session-store';

/**
 * What people edit, and what was accepted from senders, for all workspaces. One implementation over Kysely serves SQLite
 * and PostgreSQL. Every method may reject with a StoreAwayError while the database cannot be reached. Times are ISO 8601,
 * UTC, milliseconds. Lists are in the order of ids unless told, and begin after the id `after`.
 */
export interface Store {
  /** What runs, for people, e.g. `SQLite, data/rule-webhooks.db`; no credentials. */
  readonly description: string;
  readonly workspaces: Workspaces;
  readonly rules: Rules;
  readonly scorecards: Scorecards;
  readonly scorecardStates: ScorecardStates;
  readonly portfolios: Portfolios;
  readonly issueTypes: IssueTypes;
  readonly members: Members;
  readonly apiKeys: ApiKeys;
  readonly sessions: Sessions;
  readonly eventTypes: EventTypes;
  readonly events: Events;
  readonly destinations: Destinations;
  readonly credentials: Credentials;
  readonly egressProxies: EgressProxies;
  readonly channels: Channels;
  readonly sealed: SealedSecrets;
  readonly destinationCalls: DestinationCalls;
  readonly callingProcesses: CallingProcesses;
  readonly escalations: Escalations;
  readonly signedTexts: SignedTexts;
  readonly audit: Audit;
  /** For the activities: the rule as it is now. */
  readonly rulebook: Rulebook;
  /** For the activities: how a call is signed, authenticated and limited, as it is now. */
  readonly callSettings: CallSettingsSource;
  /** What a rule index is kept fresh from. */
  readonly feed: RuleFeed;
  /** Small facts of the installation, such as which rules file was applied last. */
  readonly facts: {
    get(name: string): Promise<string | undefined>;
    set(name: string, value: string): Promise<void>;
  };
  /**
   * Applies a whole document in one transaction: creates, updates, leaves alone; deletes nothing. A portfolio of the
   * document has those scorecards that it lists and no others, unless it lists none: then they stay as they are.
   *
   * @throws UnknownReferenceError with the path in the document
   */
  apply(change: Change, document: RulebookDocument, options: { dryRun: boolean }): Promise<ApplyResult>;
  /** @throws StoreAwayError */
  ping(): Promise<void>;
  /** Writes what is still queued (marks of events), then closes. */
  close(): Promise<void>;
}

/**
 * Texts that prove that they came from this installation, as links in mails do. They are signed with a key that follows from
 * the one that seals secrets: a rotation of that makes all worthless which were signed before.
 */
export interface SignedTexts {
  /** @param purpose a text that was signed for another one proves nothing @throws SecretUnreadableError */
  sign(purpose: string, text: string): Promise<string>;
  /** @returns the text; undefined when it was not signed here, for this purpose, since the last rotation @throws SecretUnreadableError */
  read(purpose: string, signed: string): Promise<string | undefined>;
}

export interface Workspaces {
  list(page: Page): Promise<Workspace[]>;
  /** Creates it with a key, so that it is never one that nobody can use. @throws AlreadyExistsError */
  create(change: Change, workspace: { id: string; name: string }, firstKey: NewApiKey): Promise<Workspace>;
}

export interface Workspace {
  id: string;
  name: string;
  createdAt: string;
}

/** The severity of issue types whose events do not say it. */
export interface IssueTypes {
  all(workspace: string): Promise<Record<string, Severity>>;
  set(change: Change, severities: Record<string, Severity>): Promise<void>;
}

export interface Member {
  id: string;
  name: string;
  email: string;
}

export interface Members {
  list(workspace: string, page: Page): Promise<(Member & Stamped)[]>;
  get(workspace: string, id: string): Promise<(Member & Stamped) | undefined>;
  put(
    change: Change,
    member: Member,
    condition?: IfVersion,
  ): Promise<Member & Stamped & { created: boolean }>;
  /** @throws NotFoundError; VersionMismatchError; InUseError while a rule names this member */
  delete(change: Change, id: string, condition?: IfVersion): Promise<void>;
}

export interface ApplyResult {
  rules: { id: string; outcome: 'created' | 'updated' | 'unchanged'; version: number }[];
  scorecards: { created: number; updated: number; unchanged: number };
  portfolios: { id: string; outcome: 'created' | 'updated' | 'unchanged' }[];
}
