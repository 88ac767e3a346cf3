import { makeToken } from '../../src/api/session-token';
import { MAX_FAILED_SIGN_INS } from '../../src/shared/limits';
import type { Answered } from '../support/api-caller';
import { ApiLab, type CheckedCaller } from './lab';

interface Session {
  key: { id: string; name: string };
  role: string;
  scopes: string[];
  workspace: string;
  csrf_token: string;
}

let lab: ApiLab;
let admin: CheckedCaller;
beforeAll(async () => {
  lab = await ApiLab.open();
});
beforeEach(async () => {
  admin = await lab.workspace();
});
afterAll(() => lab.close());

const OWN = { 'sec-fetch-site': 'same-origin' };

/** As a page in a browser: with cookies, and without a key. */
class Page {
  cookie = '';
  csrf = '';

  constructor(private readonly url = lab.api.url) {}

  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answered<Body>> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.cookie !== '' && { cookie: this.cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = (text === '' ? {} : JSON.parse(text)) as Body;
    const answer = { status: response.status, headers: response.headers, body: parsed };
    lab.contract.check(method, path, body, answer);
    return answer;
  }

  async signIn(body: object, headers: Record<string, string> = OWN): Promise<Answered<Session>> {
    const answer = await this.call<Session>('POST', '/session', { body, headers });
    const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';');
    if (answer.status === 200) [this.cookie, this.csrf] = [cookie, answer.body.csrf_token];
    return answer;
  }

  /** Changes something as the dashboard does. */
  write(path: string, headers: Record<string, string> = {}, method = 'POST') {
    return this.call(method, path, { headers: { ...OWN, 'x-csrf-token': this.csrf, ...headers } });
  }
}

async function signedIn(caller = admin): Promise<Page> {
  const page = new Page();
  await page.signIn({ key: caller.key });
  return page;
}

async function createRule(id: string): Promise<string> {
  await admin.call('POST', '/v1/rules', {
    id,
    name: 'A rule',
    owner: { name: 'Ada', email: 'ada@example.com' },
    filters: { changes: { value: 'grade_drop' }, scorecards: { value: 'followed' } },
    steps: [{ action: 'call_webhook', url: 'https://example.com/hook' }],
  });
  return `/v1/rules/${id}/pause`;
}

describe('signing in', () => {
  it('with a key gives a session that says whose it is and what it may', async () => {
    const page = new Page();
    const { status, body, headers } = await page.signIn({ key: admin.key });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      key: { name: 'First admin key' },
      role: 'admin',
      scopes: ['send', 'read', 'write', 'administer'],
      workspace: admin.workspace,
    });
    expect((await page.call('GET', '/session')).body).toMatchObject({ csrf_token: page.csrf });
  });

  it('sets a cookie that no script reads and no other site sends', async () => {
    const { headers } = await new Page().signIn({ key: admin.key });
    expect(headers.get('set-cookie')).toMatch(
      /^rw_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  it('where people come by https, sets one that goes by https alone, to this host alone', async () => {
    const secure = await ApiLab.open(undefined, { publicUrl: 'https://hooks.example.com' });
    const { headers } = await new Page(secure.api.url).signIn({ key: secure.operator().key });
    expect(headers.get('set-cookie')).toMatch(
      /^__Host-rw_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
    await secure.close();
  });

  it('where people come below a path, sets one that goes there alone', async () => {
    const below = await ApiLab.open(undefined, { publicUrl: 'https://example.com/hooks' });
    const { headers } = await new Page(below.api.url).signIn({ key: below.operator().key });
    expect(headers.get('set-cookie')).toMatch(/^__Secure-rw_session=[\w-]{43}; .*Path=\/hooks; .*Secure$/);
    await below.close();
  });

  it('ends the session that was there, and never takes one over', async () => {
    const page = await signedIn();
    const old = new Page();
    [old.cookie, old.csrf] = [page.cookie, page.csrf];
    await page.signIn({ key: admin.key });
    expect(page.cookie).not.toBe(old.cookie);
    expect((await old.call('GET', '/session')).status).toBe(401);
    const planted = new Page();
    planted.cookie = `rw_session=${makeToken()}`;
    const fixed = planted.cookie;
    await planted.signIn({ key: admin.key });
    expect(planted.cookie).not.toBe(fixed);
  });

  it.each([
    ['a key that is none', { key: 'rwk_none' }, 401],
    ['a link that is none', { token: makeToken() }, 401],
    ['neither', {}, 422],
    ['both', { key: 'a', token: 'b' }, 422],
  ])('with %s is refused', async (_what, body, status) => {
    const answer = await new Page().signIn(body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it.each(['sender', 'decoder'] as const)(
    'with the key of a %s, which sees nothing, is refused',
    async (role) => {
      const { key } = await lab.colleague(admin, role);
      expect((await new Page().signIn({ key })).status).toBe(403);
    },
  );

  it('from another site is refused', async () => {
    const cross = await new Page().signIn({ key: admin.key }, { 'sec-fetch-site': 'cross-site' });
    const other = await new Page().signIn({ key: admin.key }, { origin: 'https://evil.example' });
    expect([cross.status, other.status]).toEqual([403, 403]);
  });

  it('is refused for a while once it has failed too often, also with a good key', async () => {
    const own = await ApiLab.open();
    const page = () => new Page(own.api.url);
    const wrong = Array.from({ length: MAX_FAILED_SIGN_INS }, () => page().signIn({ key: 'rwk_none' }));
    await Promise.all(wrong);
    const { status, headers } = await page().signIn({ key: own.operator().key });
    await own.close();
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('that fails too often behind a trusted proxy bars its own address alone, and who signs in is on record', async () => {
    const own = await ApiLab.open(undefined, { trustedProxies: ['127.0.0.0/8', '::1/128'] });
    const from = (client: string, key: string) =>
      new Page(own.api.url).signIn({ key }, { ...OWN, 'x-forwarded-for': client });
    const wrong = Array.from({ length: MAX_FAILED_SIGN_INS }, () => from('192.0.2.1', 'rwk_none'));
    await Promise.all(wrong);
    const { key } = own.operator();
    expect((await from('192.0.2.1', key)).status).toBe(429);
    expect((await from('192.0.2.2', key)).status).toBe(200);
    const [entry] = await own.store.audit.list('default', { limit: 1 });
    expect(entry).toMatchObject({ action: 'session.begun', details: { address: '192.0.2.2' } });
    await own.close();
  });

  it('takes no client’s word for its address', async () => {
    await new Page().signIn({ key: admin.key }, { ...OWN, 'x-forwarded-for': '192.0.2.1' });
    const [entry] = await lab.store.audit.list(admin.workspace, { limit: 1 });
    expect(entry?.details['address']).toMatch(/127\.0\.0\.1$/);
  });

  it('leaves neither the key nor the session in the log', async () => {
    const page = await signedIn();
    await page.write(await createRule('logged'));
    const token = page.cookie.split('=')[1] ?? '';
    for (const secret of [admin.key, token, page.csrf]) expect(lab.log.join('')).not.toContain(secret);
  });
});

describe('a session', () => {
  it('may do what its key may', async () => {
    const page = await signedIn();
    expect((await page.write(await createRule('own'))).status).toBe(200);
    const [entry] = await lab.store.audit.list(admin.workspace, { limit: 1 });
    const { body } = await page.call<Session>('GET', '/session');
    expect(entry).toMatchObject({ action: 'rule.paused', actor: `key/${body.key.id}` });
  });

  it('of a viewer changes nothing', async () => {
    const page = await signedIn(await lab.colleague(admin, 'viewer'));
    expect((await page.call('GET', '/v1/rules')).status).toBe(200);
    expect((await page.write(await createRule('seen'))).status).toBe(403);
  });

  it('sees nothing of other workspaces', async () => {
    await createRule('ours');
    const page = await signedIn(await lab.workspace());
    expect((await page.call('GET', '/v1/rules/ours')).status).toBe(404);
  });

  it.each([
    ['without the token', { 'x-csrf-token': '' }],
    ['with another token', { 'x-csrf-token': makeToken() }],
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from another origin of this site', { 'sec-fetch-site': 'same-site' }],
    ['by what the user typed', { 'sec-fetch-site': 'none' }],
  ])('changes nothing %s', async (_how, headers: Record<string, string>) => {
    const page = await signedIn();
    const path = await createRule('kept');
    const { status, body } = await page.write(path, headers);
    expect([status, body['type']]).toEqual([403, 'urn:rule-webhooks:problem:forbidden']);
    expect((await admin.get('/v1/rules/kept')).body).not.toHaveProperty('paused_at');
  });

  it('changes nothing with the token of another session', async () => {
    const [page, other] = [await signedIn(), await signedIn()];
    expect((await page.write(await createRule('kept'), { 'x-csrf-token': other.csrf })).status).toBe(403);
  });

  it('is known by the Origin where the browser says no more', async () => {
    const page = await signedIn();
    const path = await createRule('origin');
    const { host } = new URL(lab.api.url);
    const ask = (headers: Record<string, string>) =>
      page.call('POST', path, { headers: { 'x-csrf-token': page.csrf, ...headers } });
    expect((await ask({})).status).toBe(403);
    expect((await ask({ origin: 'null' })).status).toBe(403);
    expect((await ask({ origin: `http://${host}` })).status).toBe(200);
  });

  it('does not come in beside a key that is not valid', async () => {
    const page = await signedIn();
    const headers = { authorization: 'Bearer rwk_none' };
    expect((await page.call('GET', '/v1/rules', { headers })).status).toBe(401);
  });

  it('is not known when its cookie comes twice', async () => {
    const page = await signedIn();
    page.cookie = `rw_session=${makeToken()}; ${page.cookie}`;
    expect((await page.call('GET', '/session')).status).toBe(401);
  });

  it('ends when its key is revoked', async () => {
    const editor = await lab.colleague(admin, 'editor');
    const page = await signedIn(editor);
    const { body } = await page.call<Session>('GET', '/session');
    await admin.call('DELETE', `/v1/api-keys/${body.key.id}`);
    expect((await page.call('GET', '/v1/rules')).status).toBe(401);
  });

  it('ends by signing out, and takes its cookie away', async () => {
    const page = await signedIn();
    const { status, headers } = await page.write('/session', {}, 'DELETE');
    expect(status).toBe(204);
    expect(headers.get('set-cookie')).toMatch(/^rw_session=; Max-Age=0; /);
    expect((await page.call('GET', '/session')).status).toBe(401);
  });

  it('does not end because another site says so', async () => {
    const page = await signedIn();
    await page.write('/session', { 'sec-fetch-site': 'cross-site' }, 'DELETE');
    expect((await page.call('GET', '/session')).status).toBe(200);
  });
});

it('a key may ask who it is, and has no token of a session', async () => {
  expect((await admin.get('/session')).body).toMatchObject({ role: 'admin', csrf_token: null });
});

describe('a link', () => {
  interface Link {
    url: string;
    expires_at: string;
  }

  async function tokenOfLink(caller = admin): Promise<string> {
    const { body } = await caller.call<Link>('POST', '/v1/session-links');
    return body.url.split('#token=')[1] ?? '';
  }

  it('leads to where it was asked for, with its token where no server sees it', async () => {
    const { status, body } = await admin.call<Link>('POST', '/v1/session-links');
    expect(status).toBe(201);
    expect(body.url).toMatch(new RegExp(`^${lab.api.url}/sign-in#token=[\\w-]{43}$`));
  });

  it('leads to where people open the service, when that is set', async () => {
    const known = await ApiLab.open(undefined, { publicUrl: 'https://hooks.example.com' });
    const { body } = await known.operator().call<Link>('POST', '/v1/session-links');
    expect(body.url).toMatch(/^https:\/\/hooks\.example\.com\/sign-in#token=/);
    await known.close();
  });

  it('signs in as its key, once', async () => {
    const viewer = await lab.colleague(admin, 'viewer');
    const token = await tokenOfLink(viewer);
    expect((await new Page().signIn({ token })).body).toMatchObject({ role: 'viewer' });
    expect((await new Page().signIn({ token })).status).toBe(401);
  });

  it('signs nobody in once its key is revoked', async () => {
    const editor = await lab.colleague(admin, 'editor');
    const token = await tokenOfLink(editor);
    const { body } = await editor.get<Session>('/session');
    await admin.call('DELETE', `/v1/api-keys/${body.key.id}`);
    expect((await new Page().signIn({ token })).status).toBe(401);
  });

  it('is made with a key, and not with a session, which would outlive itself', async () => {
    const page = await signedIn();
    expect((await page.write('/v1/session-links')).status).toBe(403);
  });
});
