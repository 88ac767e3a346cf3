import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { sampleEvent } from '../support/events';
import { operationBodies } from '../support/operation-bodies';
import { until } from '../support/executions';
import { ruleDocument } from '../support/rules-file';
import { createLocalEnvironment } from '../support/temporal';
import { idOfApiKey } from '../../src/api/api-key';
import type { Operation } from './contract';
import { ApiLab, type CheckedCaller } from './lab';

/** Stands in whatever the first workspace has, and so must stand in no answer to the other one. */
const MARK = 'marked-as-theirs';

const URLS = [`https://${MARK}.example/hook`];
const origin = encodeURIComponent(`https://${MARK}.example`);
const destination = `/v1/destinations/${origin}`;
const event = sampleEvent({ id: 'event-1', scorecard_id: MARK });
const rule = { ...ruleDocument({ urls: URLS }), name: MARK };

const BODIES = operationBodies(rule, event);

/** Creates, or replaces what is in the caller's own workspace: there is nothing to be hidden. */
const OWN = [
  'putScorecard',
  'putPortfolio',
  'putMember',
  'putEventType',
  'putDestination',
  'rotateSigningKey',
  'putCredential',
  'putChannel',
  'putEgressProxy',
];

/** A workspace has one, so its address has no name in it. */
const ONE_FOR_EACH = '/v1/egress-proxy';

/** For those that answer about the time until now unless told: what they answer may not change by itself. */
const QUERIES: Record<string, string> = {
  getExecutionOutcomes: '?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z',
  getCalls: '?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z',
};

/** Asks for one thing that the first workspace has. */
function asksForTheirs({ id, path }: Operation): boolean {
  return (path.includes('{') || path === ONE_FOR_EACH) && !OWN.includes(id);
}

let environment: TestWorkflowEnvironment;
let lab: ApiLab;
let theirs: CheckedCaller;
let stranger: CheckedCaller;
let executionId: string;
let signingKeyId: string;
beforeAll(async () => {
  environment = await createLocalEnvironment();
  lab = await ApiLab.open(environment.nativeConnection);
  theirs = await lab.workspace();
  stranger = await lab.workspace();
  await theirs.call('PUT', '/v1/members/ada', { name: MARK, email: 'ada@example.com' });
  await theirs.call('PUT', '/v1/scorecards/sc-1', { domain: `${MARK}.example` });
  await theirs.call('PUT', '/v1/portfolios/vendors', { name: MARK });
  await theirs.call('PUT', '/v1/portfolios/vendors/scorecards', { scorecards: ['sc-1', MARK] });
  await theirs.call('PUT', '/v1/event-types/invoice.paid', { description: MARK });
  await theirs.call('PUT', '/v1/issue-types', { [MARK]: 'high' });
  await theirs.call('PUT', '/v1/scorecards/example', { domain: 'example.com', followed: true });
  await theirs.call('PUT', '/v1/credentials/crm', {
    kind: 'bearer',
    name: MARK,
    origins: [`https://${MARK}.example`],
    token: `a-token-${MARK}`,
  });
  await theirs.call('PUT', '/v1/channels/ops', { kind: 'slack', name: MARK, url: URLS[0] });
  await theirs.call('PUT', destination, { auth: 'crm' });
  await theirs.call('POST', `${destination}/signing-keys`);
  const rotated = await theirs.call<{ id: string }>('POST', `${destination}/signing-keys`);
  signingKeyId = rotated.body.id;
  await theirs.call('PUT', ONE_FOR_EACH, { url: `https://${MARK}.example`, username: MARK });
  await theirs.call('POST', '/v1/rules', rule);
  await theirs.call('POST', '/v1/api-keys', { name: MARK, role: 'viewer' });
  const paused = { id: 'nothing', action: 'pause', filter: { rule: 'none' } };
  await theirs.call('POST', '/v1/bulk-operations', paused);
  const { body } = await theirs.event(event);
  executionId = body.executions[0]?.execution_id ?? '';
  // Temporal's lists come a moment later.
  await until(async () => (await theirs.all('/v1/executions'))[0]);
});
afterAll(async () => {
  await lab.close();
  await environment.teardown();
});

/** What the first workspace's own things are called in addresses. @throws Error for one that this test does not know */
function addressOf({ id, path }: Operation): string {
  const parameters: [RegExp, string][] = [
    [/^(\/v1\/rules\/)\{id\}/, 'watch'],
    [/^(\/v1\/members\/)\{id\}/, 'ada'],
    [/^(\/v1\/scorecards\/)\{id\}/, 'sc-1'],
    [/^(\/v1\/portfolios\/)\{id\}/, 'vendors'],
    [/^(\/v1\/portfolios\/vendors\/scorecards\/)\{scorecard_id\}/, 'sc-1'],
    [/^(\/v1\/event-types\/)\{name\}/, 'invoice.paid'],
    [/^(\/v1\/credentials\/)\{id\}/, 'crm'],
    [/^(\/v1\/channels\/)\{id\}/, 'ops'],
    [/^(\/v1\/destinations\/)\{origin\}/, origin],
    [/^(\/v1\/destinations\/[^/]+\/signing-keys\/)\{id\}/, signingKeyId],
    [/^(\/v1\/api-keys\/)\{id\}/, idOfApiKey(theirs.key) ?? ''],
    [/^(\/v1\/events\/)\{id\}/, 'event-1'],
    [/^(\/v1\/executions\/)\{id\}/, executionId],
    [/^(\/v1\/bulk-operations\/)\{id\}/, 'nothing'],
  ];
  const address = parameters.reduce((left, [pattern, value]) => left.replace(pattern, `$1${value}`), path);
  if (address.includes('{')) throw new Error(`${id}: this test must know what ${path} is called there`);
  return address + (QUERIES[id] ?? '');
}

function bodyOf({ id, hasBody }: Operation): object | undefined {
  const body = BODIES[id];
  if (hasBody && body === undefined) throw new Error(`${id}: this test must know a body for it`);
  return body;
}

/** Has no end: that it tells of one workspace alone has a test of its own. */
const ENDLESS = 'followExecutionChanges';

async function everythingOf(caller: CheckedCaller): Promise<unknown> {
  const shown: Record<string, unknown> = {};
  for (const operation of lab.contract.operations()) {
    const { method, defaultWorkspaceOnly, id } = operation;
    if (method !== 'GET' || defaultWorkspaceOnly || id === 'followExecution' || id === ENDLESS) continue;
    // The rule there has no schedule, and each answer that says so has an id of its own.
    const { status, body } = await caller.get(addressOf(operation));
    shown[id] = status === 404 ? status : body;
  }
  return shown;
}

it('an admin of another workspace sees nothing of it, and changes nothing', async () => {
  const before = await everythingOf(theirs);
  const operations = lab.contract
    .operations()
    .filter(({ roles, id }) => roles !== undefined && id !== ENDLESS);
  // Whatever changes something comes last: afterwards there are things of that name in the own workspace.
  const others = operations.filter((operation) => !asksForTheirs(operation));
  const ordered = [
    ...operations.filter(asksForTheirs),
    ...others.filter(({ method }) => method === 'GET'),
    ...others.filter(({ method }) => method !== 'GET'),
  ];
  for (const operation of ordered) {
    const { id, method, defaultWorkspaceOnly } = operation;
    const { status, body } = await stranger.call(method, addressOf(operation), bodyOf(operation));
    const expected = defaultWorkspaceOnly ? [403] : asksForTheirs(operation) ? [404] : [200, 201, 202, 204];
    expect({ id, status, isExpected: expected.includes(status) }).toEqual({ id, status, isExpected: true });
    // What was sent may come back.
    const shown = method === 'GET' ? JSON.stringify(body) : '';
    expect(shown).not.toContain(MARK);
  }
  expect(await everythingOf(theirs)).toEqual(before);
});

it('the id of an event is each workspace’s own', async () => {
  const other = await lab.workspace();
  expect(await other.event(event)).toMatchObject({ status: 202, body: { duplicate: false, matched: 0 } });
});

it('a rule of another workspace matches nothing', async () => {
  const other = await lab.workspace();
  const { body } = await other.call('POST', '/v1/events?explain=true', sampleEvent({ id: 'event-3' }));
  expect(body).toMatchObject({ matched: 0, unmatched: { total: 0 } });
});
