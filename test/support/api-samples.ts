/** Answers of the API, as its schemas have them. */

const stamps = {
  version: 3,
  created_at: '2026-11-20T08:00:00.000Z',
  updated_at: '2026-11-23T08:00:00.000Z',
  updated_by: 'key/abcdefghijkl',
};

export const sampleRule = {
  id: 'open-ticket',
  name: 'Open a ticket',
  owner: { name: 'Ada Lovelace', email: 'ada@example.com' },
  filters: { changes: { value: 'score_drop_threshold', threshold: 80 }, scorecards: { value: 'followed' } },
  steps: [{ id: 'enrich', action: 'call_webhook', url: 'https://hooks.example.com/enrich' }],
  ...stamps,
};

export const sampleEventRule = {
  id: 'invoices',
  name: 'Tell finance',
  owner: { member: 'ada' },
  event: { type: 'invoice.*' },
  steps: [
    { action: 'call_webhook', url: 'https://hooks.example.com/a' },
    { action: 'call_webhook', url: 'https://hooks.example.com/b' },
  ],
  paused_at: '2026-11-22T00:00:00.000Z',
  ...stamps,
};

export const sampleScheduleRule = {
  id: 'mondays',
  name: 'State of the scorecard',
  owner: { member: 'ada' },
  schedule: { cron: '0 9 * * 1', timezone: 'Europe/Paris' },
  filters: { scorecards: { value: 'my_scorecard' } },
  steps: [{ action: 'call_webhook', url: 'https://hooks.example.com/a' }],
  next_run_at: '2100-01-04T08:00:00.000Z',
  ...stamps,
};

export const sampleRuleSchedule = {
  rule_id: 'mondays',
  cron: '0 9 * * 1',
  timezone: 'Europe/Paris',
  overlap: 'skip',
  catchup_seconds: 86_400,
  paused: false,
  next: ['2100-01-04T08:00:00.000Z'],
  last: [
    {
      due_at: '2026-11-23T08:00:00.000Z',
      begun_at: '2026-11-23T08:00:00.120Z',
      workflow_id: 'rule-schedule-run/default/mondays-2026-11-23T08:00:00Z',
      status: 'completed',
      started: 2,
      existed: 0,
    },
  ],
  missed: 3,
  skipped: 0,
};

export const sampleScorecard = { id: 'sc-1', domain: 'example.com', mine: false, followed: true, ...stamps };
export const samplePortfolio = { id: 'vendors', name: 'Vendors', scorecards: 2, ...stamps };
export const sampleMember = { id: 'ada', name: 'Ada Lovelace', email: 'ada@example.com', ...stamps };
export const sampleEventType = {
  name: 'invoice.paid',
  description: 'An invoice was paid',
  schema: { type: 'object' },
  ...stamps,
};
export const sampleDestination = {
  origin: 'https://hooks.example.com',
  auth: 'crm',
  tls: null,
  limits: { max_concurrent: 5, requests_per_second: 2.5, burst: null },
  signing_keys: [
    {
      id: 'sk_abcdefghijklmnopqrst',
      algorithm: 'v1',
      public_key: null,
      created_at: '2026-11-23T08:00:00.000Z',
      shown: true,
      signs_until: null,
    },
    {
      id: 'sk_bbcdefghijklmnopqrst',
      algorithm: 'v1a',
      public_key: 'whpk_QUJD',
      created_at: '2026-11-20T08:00:00.000Z',
      shown: false,
      signs_until: '2099-01-01T00:00:00.000Z',
    },
  ],
  health: {
    failing_since: null,
    consecutive_failures: 0,
    last_error: '503 Service Unavailable',
    last_failure_at: '2026-11-22T08:00:00.000Z',
    last_recovery_at: '2026-11-22T09:00:00.000Z',
    disabled: null,
    circuit_open_until: null,
  },
  ...stamps,
};
export const sampleCalledDestination = {
  ...sampleDestination,
  calls: {
    since: '2026-11-25T12:00:00.000Z',
    delivered: 1_999,
    failed: 1,
    success_rate: 0.9995,
    latency_ms: { p50: 16, p95: 23, p99: 4_096 },
  },
};
export const sampleCredential = {
  id: 'crm',
  kind: 'basic',
  name: 'The CRM',
  origins: ['https://hooks.example.com'],
  username: 'ada',
  secret_fields: ['password'],
  ...stamps,
};
export const sampleChannel = {
  id: 'ops',
  kind: 'slack',
  name: 'Operations',
  origin: 'https://hooks.slack.com',
  ...stamps,
};
export const sampleEgressProxy = {
  url: 'http://proxy.example.com:3128',
  username: 'ada',
  has_password: true,
  no_proxy: ['internal.example.com'],
  ...stamps,
};
export const sampleKey = {
  id: 'abcdefghijkl',
  name: 'CI',
  role: 'sender',
  created_at: '2026-11-20T08:00:00.000Z',
  created_by: 'start',
  revoked_at: null,
};
export const sampleWorkspace = { id: 'team-b', name: 'Team B', created_at: '2026-11-20T08:00:00.000Z' };
export const sampleAudit = {
  id: 7,
  at: '2026-11-23T08:00:00.000Z',
  actor: 'key/abcdefghijkl',
  action: 'rule.updated',
  subject: { type: 'rule', id: 'open-ticket' },
  details: { from: 2, to: 3 },
};

export const EXECUTION_ID = '3f74765e-1406-5f83-84df-ee220b385826';
export const OTHER_EXECUTION_ID = '31019e2d-3052-52f5-b274-79a0420bcba7';

export const sampleExecution = {
  execution_id: EXECUTION_ID,
  workflow_id: `rule-execution/${EXECUTION_ID}`,
  rule: { id: 'open-ticket' },
  domain: 'example.com',
  event: { id: 'evt_2026_0001', type: 'score_drop_threshold' },
  status: 'waiting_for_retry',
  test: false,
  started_at: '2026-11-24T04:16:36.559Z',
  ended_at: null,
  next_retry_at: '2099-01-01T00:00:00.000Z',
};

const delivered = {
  number: 1,
  url: 'http://127.0.0.1:4811/enrich',
  request: {
    method: 'POST',
    body: '{"execution_id":"3f74765e","asset":9223372036854775807}',
    truncated: false,
  },
  started_at: '2026-11-24T04:16:36.559Z',
  duration_ms: 9,
  status: 200,
  error: null,
  response: {
    headers: { 'content-type': 'application/json' },
    body: '{"owner_team":"platform","asset_id":9223372036854775807}',
    encoding: 'utf8',
    truncated: false,
  },
};

const failed = {
  number: 1,
  url: 'http://127.0.0.1:4811/down?x=1',
  request: { method: 'POST', body: '{"execution_id":"3f74765e"}', truncated: false },
  started_at: '2026-11-24T04:16:36.625Z',
  duration_ms: 2,
  status: 503,
  error: '503 Service Unavailable',
  response: { headers: { server: 'nginx' }, body: '<h1>down</h1>\n', encoding: 'utf8', truncated: true },
};

export const sampleDetail = {
  ...sampleExecution,
  rule: { id: 'open-ticket', version: '3', name: 'Open a ticket' },
  created_at: '2026-11-24T04:16:36.500Z',
  trigger: { type: 'score_drop_threshold', threshold: 80 },
  steps: [
    {
      id: 'enrich',
      target: 'http://127.0.0.1:4811/enrich',
      state: 'delivered',
      reason: null,
      attempts: [delivered],
    },
    {
      id: 'maybe',
      target: 'http://127.0.0.1:4811/maybe',
      state: 'skipped',
      reason: 'trigger.threshold is 80, not above 90',
      attempts: [],
    },
    {
      id: 'ticket',
      target: 'http://127.0.0.1:4811/down',
      state: 'waiting_for_retry',
      reason: null,
      attempts: [failed],
    },
  ],
  next_retry: { number: 1, of: 5, at: '2026-11-24T04:22:36.594Z' },
  escalation: null,
  reason: null,
};

/** Both rules of the README's session matched. */
export const sampleAccepted = {
  event_id: 'evt_2026_0001',
  duplicate: false,
  state: 'started',
  matched: 2,
  executions: [
    {
      execution_id: EXECUTION_ID,
      workflow_id: `rule-execution/${EXECUTION_ID}`,
      rule_id: 'open-ticket',
      reason: 'score fell from 90 to 78, below 80',
    },
    {
      execution_id: OTHER_EXECUTION_ID,
      workflow_id: `rule-execution/${OTHER_EXECUTION_ID}`,
      rule_id: 'page-oncall',
      reason: 'network_security grade fell from A (92) to C (71)',
    },
  ],
  unmatched: { total: 1, rules: [{ rule_id: 'quiet', reason: 'example.com is not my scorecard' }] },
};

/** What a stream of one execution tells: one webhook, delivered. */
export const deliveredProgress = [
  { at: '2026-11-24T04:16:36.559Z', kind: 'calling', call: 'step 1 POST http://127.0.0.1:4811/enrich' },
  {
    at: '2026-11-24T04:16:36.590Z',
    kind: 'delivered',
    call: 'step 1 POST http://127.0.0.1:4811/enrich',
    attempt: { response: { status: 200 }, durationMs: 9 },
  },
  { at: '2026-11-24T04:16:36.623Z', kind: 'ended', how: 'completed', report: { status: 'delivered' } },
];

/** One webhook that fails for good. */
export const escalatedProgress = [
  { at: '2026-11-24T04:16:36.559Z', kind: 'calling', call: 'step 1 POST http://127.0.0.1:4811/page' },
  { at: '2026-11-24T04:16:36.654Z', kind: 'failed', call: 'step 1', error: '503 Service Unavailable' },
  {
    at: '2026-11-24T04:16:36.676Z',
    kind: 'waiting',
    retry: 'retry 1 of 1 at 2026-11-24T04:22:36.594Z',
    until: '2026-11-24T04:22:36.594Z',
  },
  { at: '2026-11-24T04:22:36.600Z', kind: 'retry-now' },
  { at: '2026-11-24T04:22:36.700Z', kind: 'escalating' },
  { at: '2026-11-24T04:22:36.800Z', kind: 'mailed', escalation: { to: 'ada@example.com' } },
  { at: '2026-11-24T04:22:36.900Z', kind: 'ended', how: 'completed', report: { status: 'escalated' } },
];
