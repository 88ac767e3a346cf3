import type { CallSettingsSource } from '../destinations/call-settings';
import type { EventTypeDocument } from '../rules/event-type';
import type { IncomingEvent } from '../rules/event';
import type { Trigger } from '../rules/evaluation';
import type { Rule } from '../rules/rule';
import type { Rulebook } from '../rules/rulebook';
import type { RulebookDocument } from '../rules/rulebook-document';
import type { Severity } from '../rules/scale';
import type { JsonObject } from '../shared/json';
import type { Channels } from './channel-store';
import type { DestinationCalls } from './destination-call-store';
import type { RuleFeed } from './rule-feed';
import type {
  Credentials,
  Destinations,
  EgressProxies,
  SealedSecrets,
  CallingProcesses,
} from './destination-store';
import type { Escalations } from './escalation-store';
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

/** On whose behalf a change is made; it goes into the audit log. */
export interface Change {
  workspace: string;
  /** E.g. `key/k_3f9a…`, `mail-link/6f1c…`, or `start` for what the program does by itself. */
  actor: string;
}

export interface Page {
  after?: string | undefined;
  limit: number;
}

/** For a change of something with a version. */
export interface IfVersion {
  /**
   * Only when this is the version that it has now; otherwise VersionMismatchError. 0: only when it is not there. Absent:
   * whatever it is.
   */
  ifVersion?: number | undefined;
}

export interface Stamped {
  /** 1, 2, … */
  version: number;
  createdAt: string;
  updatedAt: string;
  updatedBy: string;
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

/** `document` is the rule as it was written (valid input), `rule` the same as the program uses it. */
export interface StoredRule extends Stamped {
  id: string;
  document: JsonObject;
  rule: Rule;
}
export interface RuleVersion {
  version: number;
  /** What happened to it: 'deleted' has the document that it had. */
  action: 'created' | 'updated' | 'deleted';
  document: JsonObject;
  changedAt: string;
  changedBy: string;
}
export interface Rules {
  list(workspace: string, page: Page): Promise<StoredRule[]>;
  get(workspace: string, id: string): Promise<StoredRule | undefined>;
  /** @throws AlreadyExistsError; UnknownReferenceError (a portfolio, member, credential or channel that is not there) */
  create(change: Change, document: JsonObject): Promise<StoredRule>;
  /** @throws NotFoundError; VersionMismatchError; UnknownReferenceError. The same document again changes nothing, and no version. */
  replace(change: Change, id: string, document: JsonObject, condition?: IfVersion): Promise<StoredRule>;
  /** Sets or clears `paused_at`. Pausing a paused rule changes nothing. */
  setPaused(change: Change, id: string, pausedAt: string | null, condition?: IfVersion): Promise<StoredRule>;
  delete(change: Change, id: string, condition?: IfVersion): Promise<void>;
  /** Newest first; `before` is a version. Also of a deleted rule. */
  versions(
    workspace: string,
    id: string,
    page: { before?: number | undefined; limit: number },
  ): Promise<RuleVersion[]>;
  /** Rules as they were; those of which there is no such version are left out. */
  atVersions(workspace: string, wanted: readonly { id: string; version: number }[]): Promise<StoredRule[]>;
}

export interface Scorecard {
  /** 1 to 253 characters, compared without regard to case. */
  id: string;
  domain: string | null;
  mine: boolean;
  followed: boolean;
}
export interface Scorecards {
  list(
    workspace: string,
    page: Page & { mine?: boolean | undefined; followed?: boolean | undefined; domain?: string | undefined },
  ): Promise<(Scorecard & Stamped)[]>;
  get(workspace: string, id: string): Promise<(Scorecard & Stamped) | undefined>;
  /** Creates it or replaces it. @returns and whether it was created. @throws VersionMismatchError */
  put(
    change: Change,
    scorecard: Scorecard,
    condition?: IfVersion,
  ): Promise<Scorecard & Stamped & { created: boolean }>;
  /** Many at once, in one transaction (an import): fields that are absent stay as they are. */
  import(
    change: Change,
    scorecards: (Pick<Scorecard, 'id'> & Partial<Scorecard>)[],
  ): Promise<{ created: number; updated: number; unchanged: number }>;
  /** Also takes it out of its portfolios. @throws NotFoundError; VersionMismatchError */
  delete(change: Change, id: string, condition?: IfVersion): Promise<void>;
}

/** What events have told of a scorecard: each number is the newest of its kind. */
export interface ScorecardState {
  domain: string;
  current: { score?: number; factors?: Record<string, number> };
  /** Of the newest event. Integer YYYYMMDD. */
  platformScoreDate?: number;
}
export interface ScorecardStates {
  /** How scorecards stand, in their order; undefined: no event with a score was about it. At most 500 at once. */
  of(
    workspace: string,
    scorecards: readonly Pick<Scorecard, 'id' | 'domain'>[],
  ): Promise<(ScorecardState | undefined)[]>;
}

export interface Portfolio {
  id: string;
  name: string | null;
}
export interface Portfolios {
  list(workspace: string, page: Page): Promise<(Portfolio & Stamped & { scorecards: number })[]>;
  get(workspace: string, id: string): Promise<(Portfolio & Stamped & { scorecards: number }) | undefined>;
  put(
    change: Change,
    portfolio: Portfolio,
    condition?: IfVersion,
  ): Promise<Portfolio & Stamped & { scorecards: number; created: boolean }>;
  /** @throws NotFoundError; VersionMismatchError; InUseError while a rule names it */
  delete(change: Change, id: string, condition?: IfVersion): Promise<void>;
  /** @throws NotFoundError */
  members(workspace: string, id: string, page: Page): Promise<Scorecard[]>;
  /** Adds scorecards, creating those that are not known. Adding one twice changes nothing. @throws NotFoundError */
  addMembers(change: Change, id: string, scorecards: readonly string[]): Promise<void>;
  removeMembers(change: Change, id: string, scorecards: readonly string[]): Promise<void>;
  /** The version is the portfolio's, which changes with its scorecards. @throws NotFoundError; VersionMismatchError */
  setMembers(change: Change, id: string, scorecards: readonly string[], condition?: IfVersion): Promise<void>;
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

export type Role = 'admin' | 'editor' | 'viewer' | 'sender' | 'decoder';
export interface ApiKey {
  /** Public: part of the key, and how it is named in the audit log. */
  id: string;
  workspace: string;
  name: string;
  role: Role;
  createdAt: string;
  createdBy: string;
  revokedAt: string | null;
}
export interface NewApiKey {
  id: string;
  name: string;
  role: Role;
  /** SHA-256 of the whole key, hex: the key itself is kept nowhere. */
  hash: string;
}
export interface ApiKeys {
  list(workspace: string, page: Page): Promise<ApiKey[]>;
  create(change: Change, key: NewApiKey): Promise<ApiKey>;
  /**
   * Makes a key when the installation has none at all.
   *
   * @param keep what must have been done before the key is in force: one that nobody knows would lock everybody out
   * @returns undefined when there is one already, and then nothing was done
   */
  createFirst(change: Change, key: NewApiKey, keep: () => Promise<void>): Promise<ApiKey | undefined>;
  /** Of any workspace, for the check of a request. Answers for revoked ones too. */
  find(id: string): Promise<(ApiKey & { hash: string }) | undefined>;
  /** @throws NotFoundError */
  revoke(change: Change, id: string): Promise<ApiKey>;
}

export interface EventTypes {
  list(workspace: string, page: Page): Promise<(EventTypeDocument & Stamped)[]>;
  get(workspace: string, name: string): Promise<(EventTypeDocument & Stamped) | undefined>;
  put(
    change: Change,
    type: EventTypeDocument,
    condition?: IfVersion,
  ): Promise<EventTypeDocument & Stamped & { created: boolean }>;
  delete(change: Change, name: string, condition?: IfVersion): Promise<void>;
}

/** One rule that an event matched, as it was decided on arrival. */
export interface EventMatch {
  ruleId: string;
  ruleVersion: number;
  executionId: string;
  reason: string;
  trigger: Trigger;
}
/**
 * - `pending`: recorded, and its executions are being started: whoever finds it so may start them again, as that is idempotent;
 * - `started`: all of its executions, or the dispatcher that starts them, are durably in Temporal.
 */
export type EventState = 'pending' | 'started';
export interface StoredEvent {
  id: string;
  /** SHA-256 of its canonical JSON, hex. */
  hash: string;
  event: IncomingEvent;
  receivedAt: string;
  state: EventState;
  /** How many rules matched. */
  matched: number;
  /** The span of the request that brought it: W3C Trace Context. Absent when it is not traced. */
  traceparent?: string;
}
/** The idempotency record of accepted events, and what decides which executions each of them has. */
export interface Events {
  /**
   * Records an event and what it matched, unless there is one by that id. Calls of the same moment share one transaction.
   * Durable when it resolves.
   *
   * @returns the event that is on record now, and whether this call put it there
   */
  register(
    workspace: string,
    event: Pick<StoredEvent, 'id' | 'hash' | 'event' | 'traceparent'>,
    matches: readonly EventMatch[],
  ): Promise<{ stored: StoredEvent; inserted: boolean }>;
  get(workspace: string, id: string): Promise<StoredEvent | undefined>;
  /** Newest first; the cursor is opaque. All that are given must hold. `domain`: in lower case, as events have it. */
  list(
    workspace: string,
    page: {
      type?: string | undefined;
      domain?: string | undefined;
      cursor?: string | undefined;
      limit: number;
    },
  ): Promise<{ events: StoredEvent[]; nextCursor?: string }>;
  /** Its matches in the order in which they were registered, from `offset` (0) on. */
  matches(workspace: string, id: string, page: { offset: number; limit: number }): Promise<EventMatch[]>;
  /**
   * Queued and written with the next transaction, since a lost mark only costs another look. What the event says of how its
   * scorecard stands is kept with it: an event that is taken back has said nothing.
   */
  markStarted(workspace: string, stored: Pick<StoredEvent, 'id' | 'event' | 'receivedAt'>): void;
  /** Takes an event back of which nothing was started. Only while it is pending, and no call of `register` met it within this time. */
  forget(workspace: string, id: string, untouchedForMs: number): Promise<void>;
  /** How many are pending, and have been for this time, in all workspaces. */
  countPending(forMs: number): Promise<number>;
  /** Events that are still pending although no call of `register` has met them within this time, oldest first. */
  stalePending(olderThanMs: number, limit: number): Promise<{ workspace: string; id: string }[]>;
  /** Deletes started events received before this time, a bounded number at a time. @returns how many */
  purge(receivedBefore: string): Promise<number>;
}

export interface AuditEntry {
  /** Ever larger. */
  id: number;
  at: string;
  actor: string;
  /** E.g. `rule.updated`, `api_key.revoked`. */
  action: string;
  subject: { type: string; id: string };
  /** What else there is to say, e.g. `{from: 3, to: 4}`; no secrets. */
  details: JsonObject;
}
/** Which entries are meant. All that are given must hold. */
export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  subjectType?: string | undefined;
  subjectId?: string | undefined;
  /** Then or later. */
  from?: string | undefined;
  /** Before then. */
  to?: string | undefined;
}
export interface Audit {
  /** Puts on record what is done elsewhere than in the store. */
  record(change: Change, action: string, subject: AuditEntry['subject'], details?: JsonObject): Promise<void>;
  /** Newest first; `before` is an entry's id. */
  list(
    workspace: string,
    page: AuditFilter & { before?: number | undefined; limit: number },
  ): Promise<AuditEntry[]>;
}

export interface ApplyResult {
  rules: { id: string; outcome: 'created' | 'updated' | 'unchanged'; version: number }[];
  scorecards: { created: number; updated: number; unchanged: number };
  portfolios: { id: string; outcome: 'created' | 'updated' | 'unchanged' }[];
}
