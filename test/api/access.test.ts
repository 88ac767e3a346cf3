import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createLocalEnvironment } from '../support/temporal';
import type { Role } from '../../src/store/api-key-store';
import type { Operation } from './contract';
import { ApiLab, type CheckedCaller } from './lab';

const ROLES: Role[] = ['admin', 'editor', 'viewer', 'sender', 'decoder'];

/** Who may do what, as the plan has it: what the OpenAPI document says is compared with it. */
const EXPECTED: Record<string, Role[]> = {
  postEvent: ['admin', 'editor', 'sender'],
  postEvents: ['admin', 'editor', 'sender'],
  explainRule: ['admin', 'editor', 'viewer'],
  listApiKeys: ['admin'],
  createApiKey: ['admin'],
  revokeApiKey: ['admin'],
  listAudit: ['admin'],
  listWorkspaces: ['admin'],
  createWorkspace: ['admin'],
  signOut: ['admin', 'editor', 'viewer'],
  createSessionLink: ['admin', 'editor', 'viewer'],
  decodePayloads: ['admin', 'editor', 'viewer', 'decoder'],
  encodePayloads: ['admin', 'editor'],
  putDestination: ['admin'],
  rotateSigningKey: ['admin'],
  revokeSigningKey: ['admin'],
  putCredential: ['admin'],
  deleteCredential: ['admin'],
  putChannel: ['admin'],
  deleteChannel: ['admin'],
  testChannel: ['admin'],
  putEgressProxy: ['admin'],
  deleteEgressProxy: ['admin'],
  rotateEncryptionKey: ['admin'],
};
const PUBLIC = ['getHealth', 'getReadiness', 'signIn'];

let environment: TestWorkflowEnvironment;
let lab: ApiLab;
let admin: CheckedCaller;
beforeAll(async () => {
  environment = await createLocalEnvironment();
  lab = await ApiLab.open(environment.nativeConnection);
  admin = await lab.workspace();
});
afterAll(async () => {
  await lab.close();
  await environment.teardown();
});

function expectedRoles({ id, method }: Operation): Role[] | undefined {
  if (PUBLIC.includes(id)) return undefined;
  return EXPECTED[id] ?? (method === 'GET' ? ['admin', 'editor', 'viewer'] : ['admin', 'editor']);
}

/** Has no end: see `execution-changes.test.ts`. */
const ENDLESS = 'followExecutionChanges';

/** With nothing in it that would do anything: what a role keeps out must be kept out before that is looked at. */
function ask(caller: CheckedCaller, { method, path }: Operation) {
  return caller.call(method, path.replace(/\{[^}]+\}/g, 'nothing'), method === 'GET' ? undefined : {});
}

it('every operation says which roles may use it', () => {
  const said = lab.contract.operations().map(({ id, roles }) => [id, roles?.toSorted()]);
  const expected = lab.contract.operations().map((each) => [each.id, expectedRoles(each)?.toSorted()]);
  expect(said).toEqual(expected);
});

it.each(ROLES)('the %s may use what the document says, and nothing else', async (role) => {
  const caller = await lab.colleague(admin, role);
  for (const operation of lab.contract.operations().filter(({ id }) => id !== ENDLESS)) {
    const { status } = await ask(caller, operation);
    const may = operation.roles === undefined || operation.roles.includes(role);
    const expected = may && !operation.defaultWorkspaceOnly ? 'let in' : 'kept out';
    expect(`${operation.id}: ${[401, 403].includes(status) ? 'kept out' : 'let in'}`).toBe(
      `${operation.id}: ${expected}`,
    );
  }
});

it.each(ROLES)('the %s of the default workspace may see workspaces only as an admin', async (role) => {
  const caller = await lab.colleague(lab.operator(), role);
  expect((await caller.get('/v1/workspaces')).status).toBe(role === 'admin' ? 200 : 403);
});

it('nobody may do anything without a key but ask for its health and its documentation', async () => {
  const nobody = lab.caller('', '');
  for (const operation of lab.contract.operations()) {
    const { status } = await ask(nobody, operation);
    expect(`${operation.id}: ${status === 401}`).toBe(`${operation.id}: ${operation.roles !== undefined}`);
  }
  expect((await nobody.get('/openapi.json')).status).toBe(200);
  expect((await nobody.get('/nothing')).status).toBe(401);
});
