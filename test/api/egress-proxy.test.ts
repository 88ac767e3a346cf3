import type { EgressProxy } from '../../src/cli/api-types';
import { ApiLab, pathsOf, type CheckedCaller } from './lab';

let lab: ApiLab;
let admin: CheckedCaller;
beforeAll(async () => {
  lab = await ApiLab.open();
});
beforeEach(async () => {
  admin = await lab.workspace();
});
afterAll(() => lab.close());

const PATH = '/v1/egress-proxy';
const proxy = {
  url: 'https://proxy.example.com:8443',
  username: 'ada',
  password: 'canary-password',
  no_proxy: ['Internal.example.com', '.corp.example'],
};

function put(document: object, headers: Record<string, string> = {}) {
  return admin.call<EgressProxy>('PUT', PATH, document, headers);
}

async function inForce() {
  const origin = 'https://hooks.example.com';
  return (await lab.store.callSettings.callSettings(admin.workspace, origin, {})).proxy;
}

it('there is none at first', async () => {
  expect((await admin.get(PATH)).status).toBe(404);
});

it('is set, and shown without its password', async () => {
  const created = await put(proxy);
  expect(created.status).toBe(201);
  expect(created.headers.get('location')).toBe(PATH);
  const got = await admin.get(PATH);
  expect(got.body).toMatchObject({
    url: proxy.url,
    username: 'ada',
    has_password: true,
    no_proxy: ['Internal.example.com', '.corp.example'],
    version: 1,
  });
  expect(got.headers.get('etag')).toBe('"1"');
  const answers = [created.body, got.body, (await admin.get('/v1/audit')).body];
  expect(JSON.stringify(answers) + lab.log.join('')).not.toContain('canary');
});

it('keeps its password while it can be sent back as it was answered', async () => {
  const { body } = await put(proxy);
  expect((await put(body, { 'if-match': '"1"' })).status).toBe(200);
  expect(await inForce()).toMatchObject({ username: 'ada', password: 'canary-password' });
});

it.each([
  ['another address', { url: 'https://proxy.example.org:8443', username: 'ada' }],
  ['another user', { url: proxy.url, username: 'bob' }],
  ['no user', { url: proxy.url }],
])('with %s does not get the password of the one before', async (_what, other) => {
  await put(proxy);
  expect((await put(other)).body.has_password).toBe(false);
  expect(await inForce()).not.toHaveProperty('password');
});

it('is cleared', async () => {
  await put(proxy);
  expect((await admin.call('DELETE', PATH, undefined, { 'if-match': '"2"' })).status).toBe(412);
  expect((await admin.call('DELETE', PATH)).status).toBe(204);
  expect((await admin.call('DELETE', PATH)).status).toBe(404);
  expect(await inForce()).toBeUndefined();
});

it.each<[string, object, string[]]>([
  ['no address', { username: 'ada' }, ['url']],
  ['a password in its address', { url: 'https://ada:canary@proxy.example.com' }, ['url']],
  ['an address with a path', { url: 'https://proxy.example.com/x' }, ['url']],
  ['a user with a colon', { ...proxy, username: 'a:b' }, ['username']],
  ['a password without a user', { url: proxy.url, password: 'canary' }, ['password']],
  ['what is no host', { ...proxy, no_proxy: ['a b'] }, ['no_proxy[0]']],
  ['what it does not know', { ...proxy, port: 80 }, ['port']],
])('is refused with %s', async (_what, document, paths) => {
  const refused = await put(document);
  expect(refused.status).toBe(422);
  expect(pathsOf(refused)).toEqual(paths);
  expect(JSON.stringify(refused.body)).not.toContain('canary');
});

it('is refused when it would not be called itself', async () => {
  const refused = await put({ url: 'https://10.0.0.1' });
  expect(pathsOf(refused)).toEqual(['url']);
});
