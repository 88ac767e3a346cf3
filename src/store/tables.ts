import type { Generated } from 'kysely';
import type { CallCount } from '../destinations/call-counts';
import type { ChannelKind } from '../destinations/channel';

/**
 * The tables, as `migrations.ts` makes them. Both databases get the same: texts, whole numbers (0 and 1 for truth), JSON
 * as text, as it was written (PostgreSQL's own JSON would reorder it), times as ISO texts, which sort as they follow.
 */
export interface Tables {
  clock: { id: number; seq: number };
  facts: { name: string; value: string };
  workspaces: { id: string; name: string; created_at: string };
  rules: RuleTable;
  rule_versions: RuleVersionTable;
  scorecards: ScorecardTable;
  portfolios: PortfolioTable;
  portfolio_scorecards: { workspace: string; portfolio_id: string; scorecard_key: string };
  issue_types: { workspace: string; severities: string; changed_seq: number };
  members: MemberTable;
  api_keys: ApiKeyTable;
  event_types: EventTypeTable;
  events: EventTable;
  event_matches: { workspace: string; event_id: string; chunk: number; matches: string };
  destinations: DestinationTable;
  rule_calls: RuleCallTable;
  credentials: CredentialTable;
  signing_keys: SigningKeyTable;
  egress_proxies: EgressProxyTable;
  channels: ChannelTable;
  /** Whom rules name to be told, so that it can be found from there. */
  rule_notices: RuleNoticeTable;
  audit_log: AuditTable;
  /** Processes that make calls, and one row of no process: see `calling-processes.ts`. */
  destination_calls: CallCount;
  calling_processes: { id: string; beat: number; divides: string | null };
  escalations: EscalationTable;
  scorecard_states: ScorecardStateTable;
  /** Until when further escalations of a rule are gathered. */
  escalation_windows: { workspace: string; rule_id: string; ends_at: string };
  /** By the hashes of their secrets. */
  sessions: { hash: string; key_id: string; ends_at: string; seen_at: string };
  session_links: { hash: string; key_id: string; ends_at: string };
}

export interface StampColumns {
  version: number;
  created_at: string;
  updated_at: string;
  updated_by: string;
}

/** Of what a rule index depends on. */
interface FeedColumns {
  /** The clock's number of the last change. */
  changed_seq: number;
  /** A row stays when its subject is deleted: whoever reads the changes must learn of it, and its versions count on. */
  deleted: number;
}

export interface RuleTable extends StampColumns, FeedColumns {
  workspace: string;
  id: string;
  document: string;
  /** What the document refers to, so that it can be found from there. */
  portfolio_id: string | null;
  member_id: string | null;
}

interface RuleVersionTable {
  workspace: string;
  rule_id: string;
  version: number;
  action: 'created' | 'updated' | 'deleted';
  document: string;
  created_at: string;
  changed_at: string;
  changed_by: string;
}

export interface ScorecardTable extends StampColumns, FeedColumns {
  workspace: string;
  /** The id as it is compared: see `groupKey`. */
  key: string;
  id: string;
  domain: string | null;
  domain_key: string | null;
  mine: number;
  followed: number;
}

export interface PortfolioTable extends StampColumns, FeedColumns {
  workspace: string;
  id: string;
  name: string | null;
}

interface MemberTable extends StampColumns {
  workspace: string;
  id: string;
  name: string;
  email: string;
}

interface ApiKeyTable {
  id: string;
  workspace: string;
  name: string;
  role: 'admin' | 'editor' | 'viewer' | 'sender' | 'decoder';
  hash: string;
  created_at: string;
  created_by: string;
  revoked_at: string | null;
}

interface EventTypeTable extends StampColumns {
  workspace: string;
  name: string;
  description: string | null;
  schema: string | null;
}

export interface EventTable {
  workspace: string;
  id: string;
  hash: string;
  event: string;
  received_at: string;
  /** When a call of `register` last met it. */
  touched_at: string;
  state: 'pending' | 'started';
  matched: number;
  /** As the event has them. */
  type: string | null;
  domain: string | null;
  traceparent: string | null;
}

export interface DestinationTable {
  workspace: string;
  origin: string;
  /** What people set: 0 and null as long as they set nothing. */
  version: number;
  auth: string | null;
  tls: string | null;
  limits: string | null;
  created_at: string | null;
  updated_at: string | null;
  updated_by: string | null;
  failing_since: string | null;
  consecutive_failures: number;
  last_error: string | null;
  last_failure_at: string | null;
  last_recovery_at: string | null;
  /** Since when nothing is called there, who said so, and why. */
  disabled_at: string | null;
  disabled_by: string | null;
  disabled_reason: string | null;
  /** Until when its circuit breaker lets no call pass; past: one may pass. Null: closed. */
  open_until: string | null;
  /** How often it opened since calls went well. */
  trips: number;
  /** Since when it failed or was disabled, of one that was enabled and has not been called with success since. */
  outage_since: string | null;
  /** 1: in that time it was disabled by itself. */
  outage_told: number;
}

/** What the steps of rules call, and with which credentials, so that it can be found from there. */
export interface RuleCallTable {
  workspace: string;
  rule_id: string;
  /** From 0. */
  step: number;
  origin: string;
  auth: string | null;
  tls: string | null;
}

export interface CredentialTable extends StampColumns {
  workspace: string;
  id: string;
  kind: string;
  /** Without its secrets. */
  document: string;
  /** The names of the secrets that it has, JSON. */
  secret_fields: string;
  /** The secrets, JSON. */
  sealed: string | null;
  /** A row stays when its subject is deleted, without its secrets: versions count on, as tokens are kept by them. */
  deleted: number;
}

/** Keys that sign, or did. */
export interface SigningKeyTable {
  workspace: string;
  origin: string;
  id: string;
  /** The clock's number when it was made: the order of keys. */
  seq: number;
  algorithm: 'v1' | 'v1a';
  public_key: string | null;
  sealed: string;
  shown: number;
  created_at: string;
  created_by: string;
  /** Null: it is the newest. */
  signs_until: string | null;
}

export interface EgressProxyTable extends StampColumns {
  workspace: string;
  url: string;
  username: string | null;
  no_proxy: string;
  /** The password. */
  sealed: string | null;
}

export interface ChannelTable extends StampColumns {
  workspace: string;
  id: string;
  kind: ChannelKind;
  /** Empty: none. */
  name: string;
  origin: string;
  /** The URL and the signing key, JSON. */
  sealed: string;
}

export interface RuleNoticeTable {
  workspace: string;
  rule_id: string;
  kind: 'channel' | 'member';
  /** Its id. */
  target: string;
}

/** An execution that was escalated. */
export interface EscalationTable {
  workspace: string;
  execution_id: string;
  rule_id: string;
  rule_name: string;
  domain: string | null;
  origin: string;
  url: string;
  error: string;
  at: string;
  /** The rule's owner then: who is told even when the rule is deleted meanwhile. */
  owner_name: string | null;
  owner_email: string;
  /** Null: it was told alone. */
  gathered_until: string | null;
  /** Null: nobody was told yet. */
  notice_id: string | null;
}

/** What the newest event with a score said of a scorecard: a row for its own score, and one for each factor. */
export interface ScorecardStateTable {
  workspace: string;
  /** The event's `scorecard_id` in the form in which ids are compared. */
  scorecard_key: string;
  /** Empty: the scorecard's own score. */
  factor: string;
  domain: string;
  score: number;
  /** The event's `platform_score_date`. */
  score_date: number | null;
  received_at: string;
}

interface AuditTable {
  id: Generated<number>;
  workspace: string;
  at: string;
  actor: string;
  action: string;
  subject_type: string;
  subject_id: string;
  details: string;
}
