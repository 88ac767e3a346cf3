import { hashOfApiKey, idOfApiKey, makeApiKey } from '../../src/api/api-key';
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

interface Created {
  id: string;
  key: string;
}

function create(body: object = { name: 'CI', role: 'editor' }) {
  return admin.call<Created>('POST', '/v1/api-keys', body);
}

function changed(text: string, position: number): string {
  const other = text.charAt(position) === 'a' ? 'b' : 'a';
  return text.slice(0, position) + other + text.slice(position + 1);
}

describe('a key', () => {
  it('is random, names itself, and is told by its hash', () => {
    const made = makeApiKey();
    expect(made.key).toMatch(/^rwk_[a-z2-7]{12}_[A-Za-z0-9_-]{43}$/);
    expect(idOfApiKey(made.key)).toBe(made.id);
    expect(hashOfApiKey(made.key)).toBe(made.hash);
    expect(makeApiKey().key).not.toBe(made.key);
  });

  it('is shown when it is made, and never again', async () => {
    const { status, body, headers } = await create();
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    const secret = body.key.slice(-43);
    const others = await Promise.all(
      ['/v1/api-keys', '/v1/audit'].map((path) => admin.get(`${path}?limit=200`)),
    );
    for (const other of others) expect(JSON.stringify(other.body)).not.toContain(secret);
    expect(lab.log.join('')).not.toContain(secret);
  });

  it('is kept as a hash', async () => {
    const { body } = await create();
    const found = await lab.store.apiKeys.find(body.id);
    expect(found?.hash).toBe(hashOfApiKey(body.key));
  });

  it('works at once, and not any more once it is revoked', async () => {
    const { body } = await create();
    const editor = lab.caller(body.key, admin.workspace);
    expect((await editor.get('/v1/rules')).status).toBe(200);
    expect((await admin.call('DELETE', `/v1/api-keys/${body.id}`)).status).toBe(204);
    expect((await editor.get('/v1/rules')).status).toBe(401);
    const keys = await admin.all<{ id: string; revoked_at: string | null }>('/v1/api-keys');
    expect(keys.find(({ id }) => id === body.id)?.revoked_at).toEqual(expect.any(String));
  });

  it('cannot revoke itself', async () => {
    const id = idOfApiKey(admin.key) ?? '';
    expect((await admin.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(409);
    expect((await admin.get('/v1/rules')).status).toBe(200);
  });

  it('that is not there cannot be revoked', async () => {
    expect((await admin.call('DELETE', '/v1/api-keys/none')).status).toBe(404);
  });

  it.each([
    [{ name: 'CI', role: 'owner' }, ['role']],
    [{ name: 'a\nb', role: 'viewer' }, ['name']],
    [{ role: 'viewer' }, ['name']],
    [{ name: 'CI', role: 'viewer', workspace: 'default' }, ['workspace']],
  ])('is refused when it is asked for as %j', async (body, paths) => {
    expect(pathsOf(await admin.call('POST', '/v1/api-keys', body))).toEqual(paths);
  });
});

describe('a request is refused', () => {
  it.each<[string, (key: string) => string | undefined]>([
    ['without a key', () => undefined],
    ['with another scheme', (key) => `Basic ${key}`],
    ['with the key alone', (key) => key],
    ['with what is no key', () => 'Bearer secret'],
    ['with another secret', (key) => `Bearer ${changed(key, key.length - 1)}`],
    ['with a secret that is shorter', (key) => `Bearer ${key.slice(0, -1)}`],
    ['with a secret that is longer', (key) => `Bearer ${key}a`],
    ['with another id', (key) => `Bearer ${changed(key, 4)}`],
    ['with two keys', (key) => `Bearer ${key} ${key}`],
  ])('%s', async (_name, authorization) => {
    const value = authorization(admin.key);
    const response = await fetch(`${lab.api.url}/v1/rules`, {
      headers: value === undefined ? {} : { authorization: value },
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toMatchObject({ title: 'Unauthorized', status: 401 });
  });
});

describe('a workspace', () => {
  it('is created with its first key, of an admin', async () => {
    const operator = lab.operator();
    const body = { id: 'team-blue', name: 'Team Blue' };
    const created = await operator.call<Created>('POST', '/v1/workspaces', body);
    expect(created).toMatchObject({ status: 201, body });
    const blue = lab.caller(created.body.key, 'team-blue');
    expect(await blue.get('/v1/api-keys')).toMatchObject({ body: { items: [{ role: 'admin' }] } });
    const all = await operator.get('/v1/workspaces?limit=200');
    expect(JSON.stringify(all.body)).toContain('Team Blue');
    expect(JSON.stringify(all.body)).not.toContain(created.body.key);
  });

  it('is not created twice', async () => {
    const body = { id: admin.workspace, name: 'Again' };
    expect((await lab.operator().call('POST', '/v1/workspaces', body)).status).toBe(409);
  });

  it('is no matter of another workspace’s admin', async () => {
    expect((await admin.get('/v1/workspaces')).status).toBe(403);
    expect((await admin.call('POST', '/v1/workspaces', { id: 'mine', name: 'Mine' })).status).toBe(403);
  });
});

describe('the audit log', () => {
  it('has who did what, newest first, and can be asked about one thing', async () => {
    await admin.call('PUT', '/v1/members/ada', { name: 'Ada', email: 'ada@example.com' });
    await admin.call('PUT', '/v1/members/bob', { name: 'Bob', email: 'bob@example.com' });
    await admin.call('DELETE', '/v1/members/ada');
    const actor = `key/${idOfApiKey(admin.key) ?? ''}`;
    const { body } = await admin.get('/v1/audit?subject_type=member&subject_id=ada');
    expect(body['items']).toMatchObject([
      { action: 'member.deleted', actor, subject: { type: 'member', id: 'ada' } },
      { action: 'member.created', actor, at: expect.stringMatching(/Z$/) as string },
    ]);
  });
});
