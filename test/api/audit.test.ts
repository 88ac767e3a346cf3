import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { idOfApiKey } from '../../src/api/api-key';
import { rulebookDocument, ruleDocument } from '../support/rules-file';
import { createLocalEnvironment } from '../support/temporal';
import { ApiLab, pathsOf, type CheckedCaller } from './lab';

interface Entry {
  id: number;
  at: string;
  actor: string;
  action: string;
  subject: { type: string; id: string };
}

let environment: TestWorkflowEnvironment;
let lab: ApiLab;
beforeAll(async () => {
  environment = await createLocalEnvironment();
  lab = await ApiLab.open(environment.nativeConnection);
});
afterAll(async () => {
  await lab.close();
  await environment.teardown();
});

function actorOf(caller: CheckedCaller): string {
  return `key/${idOfApiKey(caller.key) ?? ''}`;
}

/** Change nothing that is an operator's: an event and a test are on record as events, with the executions that they started. */
const NOT_AUDITED = [
  'postEvent',
  'postEvents',
  'testRule',
  'checkRule',
  'explainRule',
  'decodePayloads',
  'encodePayloads',
  // In the log, too; they need a page, or its cookie: see the tests of the store's sessions.
  'signIn',
  'signOut',
];

const ORIGIN = 'https://hooks.example.com';
const destination = `/v1/destinations/${encodeURIComponent(ORIGIN)}`;
const rule = ruleDocument({ urls: [`${ORIGIN}/a`] });
const mondays = {
  id: 'mondays',
  name: 'Mondays',
  owner: { email: 'ada@example.com' },
  steps: [{ action: 'call_webhook', url: `${ORIGIN}/a` }],
  schedule: { cron: '0 9 * * 1' },
};
/** None of that id is there: who tried what is on record all the same. */
const execution = randomUUID();

/** Every operation that changes something, in an order in which each finds what it needs; with the entry that it leaves. */
const WRITES: [operation: string, path: string, body: object | undefined, entry: string][] = [
  ['putMember', '/v1/members/ada', { name: 'Ada', email: 'ada@example.com' }, 'member.created'],
  ['deleteMember', '/v1/members/ada', undefined, 'member.deleted'],
  ['putScorecard', '/v1/scorecards/sc-1', { mine: true }, 'scorecard.created'],
  ['importScorecards', '/v1/scorecards/import', { scorecards: [{ id: 'sc-2' }] }, 'scorecards.imported'],
  ['putPortfolio', '/v1/portfolios/vendors', { name: 'Vendors' }, 'portfolio.created'],
  [
    'setPortfolioScorecards',
    '/v1/portfolios/vendors/scorecards',
    { scorecards: ['sc-1'] },
    'portfolio.members_changed',
  ],
  [
    'addPortfolioScorecards',
    '/v1/portfolios/vendors/scorecards',
    { scorecards: ['sc-2'] },
    'portfolio.members_changed',
  ],
  [
    'removePortfolioScorecard',
    '/v1/portfolios/vendors/scorecards/sc-2',
    undefined,
    'portfolio.members_changed',
  ],
  ['deletePortfolio', '/v1/portfolios/vendors', undefined, 'portfolio.deleted'],
  ['deleteScorecard', '/v1/scorecards/sc-1', undefined, 'scorecard.deleted'],
  ['putIssueTypes', '/v1/issue-types', { malware: 'low' }, 'issue_types.updated'],
  ['putEventType', '/v1/event-types/invoice.paid', { description: 'Paid' }, 'event_type.created'],
  ['deleteEventType', '/v1/event-types/invoice.paid', undefined, 'event_type.deleted'],
  [
    'putCredential',
    '/v1/credentials/crm',
    { kind: 'bearer', origins: [ORIGIN], token: 'a-token-of-the-crm' },
    'credential.created',
  ],
  ['putChannel', '/v1/channels/ops', { kind: 'slack', url: `${ORIGIN}/hook` }, 'channel.created'],
  ['testChannel', '/v1/channels/ops/test', undefined, 'channel.tested'],
  ['deleteChannel', '/v1/channels/ops', undefined, 'channel.deleted'],
  ['putDestination', destination, { limits: { burst: 1 } }, 'destination.updated'],
  ['deleteCredential', '/v1/credentials/crm', undefined, 'credential.deleted'],
  ['rotateSigningKey', `${destination}/signing-keys`, {}, 'signing_key.rotated'],
  ['rotateSigningKey', `${destination}/signing-keys`, {}, 'signing_key.rotated'],
  ['revokeSigningKey', `${destination}/signing-keys/{older}`, undefined, 'signing_key.revoked'],
  ['disableDestination', `${destination}/disable`, {}, 'destination.disabled'],
  ['enableDestination', `${destination}/enable`, undefined, 'destination.enabled'],
  ['putEgressProxy', '/v1/egress-proxy', { url: 'https://proxy.example.com' }, 'egress_proxy.created'],
  ['deleteEgressProxy', '/v1/egress-proxy', undefined, 'egress_proxy.deleted'],
  ['createRule', '/v1/rules', rule, 'rule.created'],
  ['replaceRule', `/v1/rules/watch`, { ...rule, name: 'Another' }, 'rule.updated'],
  ['pauseRule', '/v1/rules/watch/pause', undefined, 'rule.paused'],
  ['resumeRule', '/v1/rules/watch/resume', undefined, 'rule.resumed'],
  ['deleteRule', '/v1/rules/watch', undefined, 'rule.deleted'],
  ['applyRulebook', '/v1/rules', rulebookDocument({ id: 'applied', urls: [ORIGIN] }), 'rule.created'],
  ['createRule', '/v1/rules', mondays, 'rule.created'],
  ['triggerRuleSchedule', '/v1/rules/mondays/schedule/trigger', undefined, 'rule.run'],
  [
    'backfillRuleSchedule',
    '/v1/rules/mondays/schedule/backfill',
    { from: '2026-06-01T00:00:00Z', to: '2026-06-15T00:00:00Z' },
    'rule.backfilled',
  ],
  ['retryExecution', `/v1/executions/${execution}/retry`, undefined, 'execution.retry'],
  ['pauseExecution', `/v1/executions/${execution}/pause`, undefined, 'execution.pause'],
  ['resumeExecution', `/v1/executions/${execution}/resume`, undefined, 'execution.resume'],
  ['cancelExecution', `/v1/executions/${execution}/cancel`, { reason: 'x' }, 'execution.cancel'],
  ['restartExecution', `/v1/executions/${execution}/restart`, {}, 'execution.restart_from_failed'],
  [
    'startBulkOperation',
    '/v1/bulk-operations',
    { id: 'bulk', action: 'pause', filter: { rule: 'none' } },
    'bulk_operation.started',
  ],
  ['cancelBulkOperation', '/v1/bulk-operations/bulk/cancel', undefined, 'bulk_operation.cancelled'],
  ['createSessionLink', '/v1/session-links', undefined, 'session_link.created'],
  ['createApiKey', '/v1/api-keys', { name: 'CI', role: 'viewer' }, 'api_key.created'],
  ['revokeApiKey', '/v1/api-keys/{newest}', undefined, 'api_key.revoked'],
  ['createWorkspace', '/v1/workspaces', { id: 'team-b', name: 'Team B' }, 'workspace.created'],
  ['rotateEncryptionKey', '/v1/encryption/rotate', undefined, 'encryption.rotated'],
];

it('every operation that writes is in the log, with who did it, or is known as one that need not be', async () => {
  const writing = lab.contract.operations().filter(({ method }) => method !== 'GET');
  const known = new Set([...WRITES.map(([id]) => id), ...NOT_AUDITED]);
  expect(writing.map(({ id }) => id).sort()).toEqual([...known].sort());

  const operator = lab.operator();
  const made: string[] = [];
  for (const [id, path, body, action] of WRITES) {
    const method = writing.find((operation) => operation.id === id)?.method ?? '';
    const before = (await operator.get<{ items: Entry[] }>('/v1/audit?limit=1')).body.items[0]?.id ?? 0;
    const address = path.replace('{newest}', made.at(-1) ?? '').replace('{older}', made.at(-2) ?? '');
    const answer = await operator.call<{ id?: string } | undefined>(method, address, body);
    if (answer.body?.id !== undefined) made.push(answer.body.id);
    const latest = (await operator.get<{ items: Entry[] }>('/v1/audit')).body.items;
    const entries = latest
      .filter((entry) => entry.id > before)
      .map(({ actor, action }) => ({ actor, action }));
    expect({ id, status: answer.status, entries }).toEqual({
      id,
      // Shown when an entry is missing: it says why.
      status: expect.any(Number) as unknown,
      entries: expect.arrayContaining([{ actor: actorOf(operator), action }]) as unknown,
    });
  }
});

describe('the log of a workspace', () => {
  let admin: CheckedCaller;
  let colleague: CheckedCaller;
  let all: Entry[];
  beforeAll(async () => {
    admin = await lab.workspace();
    colleague = await lab.colleague(admin, 'editor');
    for (const id of ['one', 'two', 'three']) await admin.call('POST', '/v1/rules', { ...rule, id });
    for (const id of ['one', 'two']) await colleague.call('POST', `/v1/rules/${id}/pause`);
    await colleague.call('DELETE', '/v1/rules/one');
    all = await admin.all<Entry>('/v1/audit');
  });

  function found(query: Record<string, string>): Promise<Entry[]> {
    return admin.all<Entry>(`/v1/audit?${new URLSearchParams(query).toString()}`);
  }

  it('is searched by who did it', async () => {
    const actions = (await found({ actor: actorOf(colleague) })).map(({ action }) => action);
    expect(actions).toEqual(['rule.deleted', 'rule.paused', 'rule.paused']);
  });

  it('is searched by what was done to what', async () => {
    const query = { action: 'rule.paused', subject_type: 'rule', subject_id: 'two' };
    expect(await found(query)).toMatchObject([{ actor: actorOf(colleague), subject: { id: 'two' } }]);
    expect(await found({ ...query, actor: actorOf(admin) })).toEqual([]);
  });

  it('is searched by when, in whatever zone of time that is said', async () => {
    const [from, to] = [all.at(-2)?.at ?? '', all[0]?.at ?? ''];
    expect(await found({ from, to })).toEqual(all.filter(({ at }) => at >= from && at < to));
    const elsewhere = new Date(Date.parse(from) + 2 * 3_600_000).toISOString().replace('Z', '+02:00');
    expect(await found({ from: elsewhere, to })).toEqual(await found({ from, to }));
  });

  it('comes in pages that a filter goes through', async () => {
    const query = `/v1/audit?action=rule.created&limit=2`;
    const first = await admin.get<{ items: Entry[]; next_cursor: string }>(query);
    const second = await admin.get(`${query}&cursor=${first.body.next_cursor}`);
    expect(first.body.items.map(({ subject }) => subject.id)).toEqual(['three', 'two']);
    expect(second.body).toMatchObject({ items: [{ subject: { id: 'one' } }], next_cursor: null });
  });

  it.each(['from=yesterday', 'to=2026-11-24', 'actor=', 'action=', 'who=ada'])(
    'refuses %s',
    async (query) => {
      const refused = await admin.get(`/v1/audit?${query}`);
      expect(refused.status).toBe(422);
      expect(pathsOf(refused)).toEqual([query.split('=')[0]]);
    },
  );
});
