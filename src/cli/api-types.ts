/** What the API answers with, as far as the command line shows it. */

interface Stamps {
  version: number;
  updated_at: string;
  updated_by: string;
}

export interface Rule extends Stamps {
  id: string;
  name: string;
  owner: { name?: string; email?: string; member?: string };
  filters?: { changes?: { value: string }; scorecards?: { value: string; portfolio_id?: string } };
  event?: { type: string };
  schedule?: { cron: string };
  steps: unknown[];
  paused_at?: string | null;
  next_run_at?: string | null;
}

export interface RuleSchedule {
  rule_id: string;
  cron: string;
  timezone: string;
  overlap: string;
  paused: boolean;
  next: string[];
  last: {
    due_at: string;
    begun_at: string;
    status: string | null;
    started: number | null;
    existed: number | null;
  }[];
  missed: number;
  skipped: number;
}

export interface Backfill {
  count: number;
  first: string | null;
  last: string | null;
  dry_run: boolean;
}

export interface RuleVersion {
  version: number;
  action: string;
  document: { name?: string };
  changed_at: string;
  changed_by: string;
}

export interface Explanation {
  matches: boolean;
  reason: string;
  trigger?: unknown;
}

type Outcome = 'created' | 'updated' | 'unchanged';

export interface Applied {
  dry_run: boolean;
  rules: { id: string; outcome: Outcome; version: number }[];
  scorecards: Counts;
  portfolios: { id: string; outcome: Outcome }[];
}

/** How many things of each outcome there were. */
export type Counts = Record<Outcome, number>;

export interface Scorecard {
  id: string;
  domain: string | null;
  mine: boolean;
  followed: boolean;
}

export interface Portfolio extends Stamps {
  id: string;
  name: string | null;
  scorecards: number;
}

export interface Member extends Stamps {
  id: string;
  name: string;
  email: string;
}

export interface EventType extends Stamps {
  name: string;
  description: string | null;
  schema: unknown;
}

export interface SigningKey {
  id: string;
  algorithm: 'v1' | 'v1a';
  public_key: string | null;
  created_at: string;
  shown: boolean;
  signs_until: string | null;
}

/** What people set for a destination. */
export interface DestinationSettings {
  auth: string | null;
  tls: string | null;
  limits: { max_concurrent: number | null; requests_per_second: number | null; burst: number | null };
}

export interface Destination extends DestinationSettings {
  origin: string;
  signing_keys: SigningKey[];
  health: {
    failing_since: string | null;
    consecutive_failures: number;
    last_error: string | null;
    disabled: { at: string; by: string; reason: string } | null;
  };
  /** 0: nothing was ever set. */
  version: number;
}

export interface CalledDestination extends Destination {
  calls: CallStatistics;
}

/** How calls to a destination went. */
export interface CallStatistics {
  since: string;
  delivered: number;
  failed: number;
  success_rate: number | null;
  latency_ms: { p50: number; p95: number; p99: number } | null;
}

export interface Credential extends Stamps {
  id: string;
  kind: string;
  name: string | null;
  origins: string[];
  secret_fields: string[];
}

export interface Channel extends Stamps {
  id: string;
  kind: 'slack' | 'teams' | 'webhook';
  name: string | null;
  origin: string;
}

export interface ChannelTest {
  sent: boolean;
  status: number | null;
  error: string | null;
  duration_ms: number;
}

export interface EgressProxy extends Stamps {
  url: string;
  username: string | null;
  has_password: boolean;
  no_proxy: string[];
}

export interface EncryptionRotation {
  key: string;
  resealed: number;
  retired: string[];
}

export interface ApiKey {
  id: string;
  name: string;
  role: string;
  created_at: string;
  created_by: string;
  revoked_at: string | null;
}

export interface Workspace {
  id: string;
  name: string;
  created_at: string;
}

export interface AuditEntry {
  at: string;
  actor: string;
  action: string;
  subject: { type: string; id: string };
  details: Record<string, unknown>;
}

/** What became of an event. */
export interface AcceptedEvent {
  event_id: string;
  duplicate: boolean;
  state: 'started' | 'on_its_way';
  matched: number;
  executions: { execution_id: string; workflow_id: string; rule_id: string; reason: string }[];
  unmatched?: { total: number; rules: { rule_id: string; reason: string }[] };
}

export interface ExecutionSummary {
  execution_id: string;
  rule: { id: string };
  domain: string | null;
  event: { id: string | null; type: string };
  status: string;
  test: boolean;
  started_at: string;
  ended_at: string | null;
  next_retry_at: string | null;
}

export interface ExecutionAttempt {
  number: number;
  url: string | null;
  request: { method: string; body: string | null; truncated: boolean } | null;
  started_at: string | null;
  duration_ms: number | null;
  status: number | null;
  error: string | null;
  response: {
    headers: Record<string, string>;
    body: string;
    encoding: 'utf8' | 'base64';
    truncated: boolean;
  } | null;
}

export interface ExecutionStep {
  id: string;
  target: string;
  state: string;
  reason: string | null;
  attempts: ExecutionAttempt[];
}

export interface ExecutionDetail extends Omit<ExecutionSummary, 'rule'> {
  rule: { id: string; version: string; name: string };
  created_at: string;
  trigger: unknown;
  steps: ExecutionStep[];
  next_retry: { number: number; of: number; at: string } | null;
  hold: { reason: string; looks_again_at: string; until: string } | null;
  cancellation: { by: string; reason: string | null } | null;
  restart_of: string | null;
  restarted_as: string | null;
  escalation: {
    to: string;
    sent_at: string | null;
    gathered_until: string | null;
    /** Absent in answers of an earlier version. */
    mail?: { subject: string; text: string } | null;
  } | null;
  reason: string | null;
}

export interface BulkSummary {
  id: string;
  status: string;
  started_at: string;
}

export interface BulkOperation extends BulkSummary {
  progress: {
    selected: number;
    done: number;
    refused: Record<string, number>;
    examples: { execution_id: string; reason: string }[];
    cancelled: boolean;
  } | null;
}

/** What a bulk operation would be about. */
export interface BulkSelection {
  count: number;
  sample: ExecutionSummary[];
}
