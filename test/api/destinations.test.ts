import { ApiLab, pathsOf, type CheckedCaller } from './lab';
import type { Destination, SigningKey } from '../../src/cli/api-types';

let lab: ApiLab;
let admin: CheckedCaller;
beforeAll(async () => {
  lab = await ApiLab.open();
});
beforeEach(async () => {
  admin = await lab.workspace();
});
afterAll(() => lab.close());

const ORIGIN = 'https://hooks.example.com';
const PATH = `/v1/destinations/${encodeURIComponent(ORIGIN)}`;

type CreatedKey = SigningKey & { secret: string | null };

function rotate(body?: object) {
  return admin.call<CreatedKey>('POST', `${PATH}/signing-keys`, body);
}

async function signingKeys(): Promise<SigningKey[]> {
  return (await admin.get<Destination>(PATH)).body.signing_keys;
}

/** Creates credentials that destinations may name. */
async function haveCredentials(): Promise<void> {
  const origins = [ORIGIN];
  await admin.call('PUT', '/v1/credentials/crm', { kind: 'bearer', origins, token: 'a-token-of-the-crm' });
  const elsewhere = { kind: 'bearer', origins: ['https://other.example.com'], token: 'a-token-of-others' };
  await admin.call('PUT', '/v1/credentials/other', elsewhere);
}

describe('a destination', () => {
  it('that nobody called or set anything for is not there', async () => {
    expect((await admin.get(PATH)).status).toBe(404);
    expect((await admin.get('/v1/destinations')).body).toEqual({ items: [], next_cursor: null });
  });

  it('is created by what is set for it, and found by its origin', async () => {
    await haveCredentials();
    const settings = { auth: 'crm', limits: { max_concurrent: 5, requests_per_second: 0.5 } };
    const put = await admin.call<Destination>('PUT', PATH, settings);
    expect(put.status).toBe(201);
    expect(put.headers.get('location')).toBe(PATH);
    const shown = {
      origin: ORIGIN,
      auth: 'crm',
      tls: null,
      limits: { max_concurrent: 5, requests_per_second: 0.5, burst: null },
      health: { failing_since: null, consecutive_failures: 0 },
      version: 1,
    };
    const got = await admin.get(PATH);
    expect(got).toMatchObject({ status: 200, body: shown });
    expect(got.headers.get('etag')).toBe('"1"');
    expect(await admin.get('/v1/destinations')).toMatchObject({ body: { items: [shown] } });
  });

  it('is one and the same however its origin is written', async () => {
    await admin.call('PUT', PATH, {});
    const written = encodeURIComponent('HTTPS://Hooks.Example.COM:443/');
    expect(await admin.get(`/v1/destinations/${written}`)).toMatchObject({ body: { origin: ORIGIN } });
  });

  it('can be sent back as it was answered', async () => {
    await haveCredentials();
    await admin.call('PUT', PATH, { auth: 'crm', limits: { burst: 3 } });
    const { body } = await admin.get(PATH);
    expect(await admin.call('PUT', PATH, body)).toMatchObject({ status: 200, body: { auth: 'crm' } });
  });

  it('is replaced only by who knows its version', async () => {
    await admin.call('PUT', PATH, {});
    await admin.call('PUT', PATH, { limits: { burst: 2 } }, { 'if-match': '"1"' });
    expect((await admin.call('PUT', PATH, {}, { 'if-match': '"1"' })).status).toBe(412);
    expect((await admin.call('PUT', PATH, {}, { 'if-none-match': '*' })).status).toBe(412);
    expect(await admin.get(PATH)).toMatchObject({ body: { version: 2, limits: { burst: 2 } } });
  });

  it('says how many of its calls went well of late, and how long they took', async () => {
    expect((await admin.get(`${PATH}/calls`)).status).toBe(404);
    await admin.call('PUT', PATH, {});
    expect((await admin.get(`${PATH}/calls`)).body).toMatchObject({ success_rate: null, latency_ms: null });
    const hour = `${new Date().toISOString().slice(0, 13)}:00:00.000Z`;
    const count = { workspace: admin.workspace, origin: ORIGIN, hour, bucket: 8, delivered: 3, failed: 1 };
    await lab.store.destinationCalls.add([count]);
    const latency = { p50: 16, p95: 16, p99: 16 };
    const calls = { delivered: 3, failed: 1, success_rate: 0.75, latency_ms: latency };
    expect((await admin.get(`${PATH}/calls?hours=2`)).body).toMatchObject(calls);
    expect((await admin.get(`${PATH}/calls?hours=169`)).status).toBe(422);
    expect((await admin.get(PATH)).body).toMatchObject({ calls });
  });

  it('is listed with how its calls went in the last day', async () => {
    const hoursAgo = (hours: number) =>
      `${new Date(Date.now() - hours * 3_600_000).toISOString().slice(0, 13)}:00:00.000Z`;
    const origins = ['https://a.example', 'https://b.example', 'https://c.example'];
    for (const origin of origins)
      await admin.call('PUT', `/v1/destinations/${encodeURIComponent(origin)}`, {});
    const count = { workspace: admin.workspace, bucket: 8, delivered: 3, failed: 1 };
    await lab.store.destinationCalls.add([
      { ...count, origin: 'https://a.example', hour: hoursAgo(1) },
      { ...count, origin: 'https://b.example', hour: hoursAgo(30) },
    ]);
    const { body } = await admin.get('/v1/destinations?limit=2');
    expect(body).toMatchObject({
      items: [
        { origin: 'https://a.example', calls: { delivered: 3, failed: 1, latency_ms: { p95: 16 } } },
        { origin: 'https://b.example', calls: { delivered: 0, success_rate: null, latency_ms: null } },
      ],
    });
  });

  it('that was only called has no version yet, and says how it is doing', async () => {
    const failure = { at: '2026-11-24T04:00:00.000Z', error: '503 Service Unavailable' };
    await lab.store.destinations.recordFailure(admin.workspace, ORIGIN, failure);
    const got = await admin.get(PATH);
    expect(got.body).toMatchObject({
      version: 0,
      updated_by: null,
      health: { failing_since: failure.at, consecutive_failures: 1, last_error: failure.error },
    });
    expect(got.headers.has('etag')).toBe(false);
    expect((await admin.call('PUT', PATH, {}, { 'if-match': '*' })).status).toBe(412);
    expect((await admin.call('PUT', PATH, {}, { 'if-none-match': '*' })).status).toBe(201);
  });

  it.each<[object, string[]]>([
    [{ auth: 'none' }, ['auth']],
    [{ auth: 'other' }, ['auth']],
    [{ tls: 'crm' }, ['tls']],
    [{ limits: { max_concurrent: 0, burst: 1.5 } }, ['limits.max_concurrent', 'limits.burst']],
    [{ origin: 'https://other.example.com' }, ['origin']],
    [{ retries: 3 }, ['retries']],
  ])('refuses %j', async (settings, paths) => {
    await haveCredentials();
    const refused = await admin.call('PUT', PATH, settings);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(paths);
  });

  it.each([
    'hooks.example.com',
    'https://hooks.example.com/path',
    'ftp://hooks.example.com',
    'https://u:p@x.example',
  ])('cannot be %s', async (text) => {
    const refused = await admin.get(`/v1/destinations/${encodeURIComponent(text)}`);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(['origin']);
  });
});

describe('a signing key', () => {
  it('is made by a rotation, and its secret is shown this once', async () => {
    const { status, body, headers } = await rotate();
    expect(status).toBe(201);
    expect(body).toMatchObject({ algorithm: 'v1', public_key: null, shown: true, signs_until: null });
    expect(body.id).toMatch(/^sk_[a-z2-7]{20}$/);
    expect(body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(headers.get('location')).toBe(PATH);
    expect(headers.get('cache-control')).toBe('no-store');
    const secret = body.secret?.slice(6) ?? '';
    const others = await Promise.all([PATH, '/v1/destinations', '/v1/audit'].map((path) => admin.get(path)));
    expect(JSON.stringify(others.map((each) => each.body))).not.toContain(secret);
    expect(lab.log.join('')).not.toContain(secret);
  });

  it('is the one that calls are signed with from then on', async () => {
    const { body } = await rotate();
    const { signingKeys: keys } = await lab.store.callSettings.callSettings(admin.workspace, ORIGIN, {});
    expect(keys).toEqual([{ id: body.id, algorithm: 'v1', secret: body.secret }]);
  });

  it('of v1a shows the public key alone', async () => {
    const { body } = await rotate({ algorithm: 'v1a' });
    expect(body).toMatchObject({ algorithm: 'v1a', secret: null });
    expect(body.public_key).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
  });

  it('is of the same algorithm as the one before, unless another is asked for', async () => {
    await rotate({ algorithm: 'v1a' });
    expect((await rotate()).body.algorithm).toBe('v1a');
    expect((await rotate({ algorithm: 'v1' })).body.algorithm).toBe('v1');
  });

  it('lets the one before sign for another day', async () => {
    const first = (await rotate()).body;
    const before = Date.now();
    const second = (await rotate()).body;
    const keys = await signingKeys();
    expect(keys.map(({ id }) => id)).toEqual([second.id, first.id]);
    const until = Date.parse(keys[1]?.signs_until ?? '');
    expect(until).toBeGreaterThanOrEqual(before + 86_400_000);
    expect(until).toBeLessThanOrEqual(Date.now() + 86_400_000);
  });

  it('ends those before at once when there is to be no overlap', async () => {
    await rotate();
    const { body } = await rotate({ overlap_hours: 0 });
    expect((await signingKeys()).map(({ id }) => id)).toEqual([body.id]);
  });

  it('may be one’s own, which is not shown', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const { status, body } = await rotate({ secret });
    expect({ status, body }).toMatchObject({ status: 201, body: { algorithm: 'v1', secret: null } });
    const { signingKeys: keys } = await lab.store.callSettings.callSettings(admin.workspace, ORIGIN, {});
    expect(keys[0]?.secret).toBe(secret);
  });

  it.each<[object, string[]]>([
    [{ algorithm: 'v2' }, ['algorithm']],
    [{ overlap_hours: 169 }, ['overlap_hours']],
    [{ overlap_hours: -1 }, ['overlap_hours']],
    [{ secret: 'whsec_dG9vIHNob3J0' }, ['secret']],
    [{ secret: `whsec_${'A'.repeat(44)}`, algorithm: 'v1a' }, ['algorithm']],
  ])('is refused when it is asked for as %j', async (body, paths) => {
    const refused = await rotate(body);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(paths);
  });

  it('that is old signs nothing any more once it is revoked', async () => {
    const first = (await rotate()).body;
    const second = (await rotate()).body;
    expect((await admin.call('DELETE', `${PATH}/signing-keys/${first.id}`)).status).toBe(204);
    expect((await signingKeys()).map(({ id }) => id)).toEqual([second.id]);
  });

  it('cannot be revoked while it is the newest', async () => {
    const { body } = await rotate();
    expect((await admin.call('DELETE', `${PATH}/signing-keys/${body.id}`)).status).toBe(409);
    expect(await signingKeys()).toHaveLength(1);
  });

  it('that is not there cannot be revoked', async () => {
    await rotate();
    expect((await admin.call('DELETE', `${PATH}/signing-keys/sk_none`)).status).toBe(404);
  });
});
