import type { Credential } from '../../src/cli/api-types';
import { selfSignedCertificate } from '../support/certificate';
import { ruleDocument } from '../support/rules-file';
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

const ORIGIN = 'https://hooks.example.com';
const origins = [ORIGIN];
const basic = { kind: 'basic', origins, username: 'ada', password: 'canary-password' };
const oauth2 = {
  kind: 'oauth2',
  origins,
  token_url: 'https://login.example.com/token',
  client_id: 'us',
  authentication: 'client_secret_basic',
  client_secret: 'canary-client-secret',
};

function put(document: object, headers: Record<string, string> = {}) {
  return admin.call<Credential>('PUT', '/v1/credentials/crm', document, headers);
}

/** What a call to the origin would carry. */
async function carried(named: { auth?: string; tls?: string } = { auth: 'crm' }) {
  const { auth, tls } = await lab.store.callSettings.callSettings(admin.workspace, ORIGIN, named);
  return (auth ?? tls)?.credential;
}

/** A rule whose step names a credential. */
function ruleWith(step: object, url = `${ORIGIN}/hook`) {
  const rule = ruleDocument({ urls: [url] });
  return { ...rule, steps: [{ action: 'call_webhook', url, ...step }] };
}

describe('a credential', () => {
  it('is created, and shown without its secrets', async () => {
    const created = await put({ ...basic, name: 'The CRM' });
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe('/v1/credentials/crm');
    const shown = {
      id: 'crm',
      kind: 'basic',
      name: 'The CRM',
      origins,
      username: 'ada',
      secret_fields: ['password'],
      version: 1,
      created_at: expect.any(String) as string,
      updated_at: expect.any(String) as string,
      updated_by: expect.stringMatching(/^key\//) as string,
    };
    expect(created.body).toEqual(shown);
    const got = await admin.get('/v1/credentials/crm');
    expect(got.body).toEqual(shown);
    expect(got.headers.get('etag')).toBe('"1"');
    expect((await admin.get('/v1/credentials')).body).toEqual({ items: [shown], next_cursor: null });
  });

  it.each<[object, string[]]>([
    [basic, ['password']],
    [{ kind: 'bearer', origins, token: 'canary-token' }, ['token']],
    [{ kind: 'api_key', origins, header: 'x-api-key', value: 'canary-value' }, ['value']],
    [oauth2, ['client_secret']],
  ])('of each kind keeps its secrets to itself: %j', async (document, secretFields) => {
    expect((await put(document)).body.secret_fields).toEqual(secretFields);
    const answers = await Promise.all(
      ['/v1/credentials', '/v1/credentials/crm', '/v1/audit'].map((path) => admin.get(path)),
    );
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain('canary');
    expect(lab.log.join('')).not.toContain('canary');
  });

  it('keeps the secrets that are left out when it is replaced', async () => {
    await put(basic);
    const replaced = await put({ kind: 'basic', origins, username: 'bob' }, { 'if-match': '"1"' });
    expect(replaced).toMatchObject({
      status: 200,
      body: { username: 'bob', secret_fields: ['password'], version: 2 },
    });
    expect(await carried()).toMatchObject({ username: 'bob', password: 'canary-password' });
  });

  it('can be sent back as it was answered', async () => {
    const { body } = await put(basic);
    expect((await put(body)).status).toBe(200);
    expect(await carried()).toMatchObject({ password: 'canary-password' });
  });

  it('of another kind keeps none of the secrets', async () => {
    await put(basic);
    const refused = await put({ kind: 'bearer', origins });
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(['token']);
  });

  it.each<[string, object, string[]]>([
    ['no secret', { ...basic, password: undefined }, ['password']],
    ['an unknown kind', { ...basic, kind: 'digest' }, ['kind']],
    ['no origin', { ...basic, origins: [] }, ['origins']],
    ['an origin with a path', { ...basic, origins: [ORIGIN, `${ORIGIN}/hook`] }, ['origins[1]']],
    ['another id than that of the address', { ...basic, id: 'erp' }, ['id']],
    ['what it does not know', { ...basic, realm: 'x' }, ['realm']],
    ['a header that is ours', { kind: 'api_key', origins, header: 'webhook-id', value: 'v' }, ['header']],
    ['a key that does not go with it', { ...oauth2, algorithm: 'ES256' }, ['algorithm']],
    ['a token endpoint that is no URL', { ...oauth2, token_url: 'login' }, ['token_url']],
    [
      'a certificate that is none',
      {
        kind: 'tls',
        origins,
        ca: '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----',
      },
      ['ca'],
    ],
  ])('is refused with %s', async (_what, document, paths) => {
    const refused = await put(document);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(paths);
    expect(JSON.stringify(refused.body)).not.toContain('canary');
  });

  it('that is malformed JSON is refused without a word of it', async () => {
    const refused = await put('{"kind":"basic","password":"canary-password' as unknown as object);
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body) + lab.log.join('')).not.toContain('canary');
  });

  it('may not be created twice, nor changed by who does not know its version', async () => {
    await put(basic);
    expect((await put(basic, { 'if-none-match': '*' })).status).toBe(412);
    expect((await put(basic, { 'if-match': '"2"' })).status).toBe(412);
  });

  it('is deleted', async () => {
    await put(basic);
    expect((await admin.call('DELETE', '/v1/credentials/crm', undefined, { 'if-match': '"1"' })).status).toBe(
      204,
    );
    expect((await admin.get('/v1/credentials/crm')).status).toBe(404);
    expect((await admin.call('DELETE', '/v1/credentials/crm')).status).toBe(404);
  });

  it('is neither deleted nor taken from an origin while a destination needs it there', async () => {
    await put(basic);
    await admin.call('PUT', `/v1/destinations/${encodeURIComponent(ORIGIN)}`, { auth: 'crm' });
    expect((await admin.call('DELETE', '/v1/credentials/crm')).status).toBe(409);
    expect((await put({ ...basic, origins: ['https://other.example.com'] })).status).toBe(409);
  });
});

describe('a client certificate', () => {
  const valid = { from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 3_600_000) };

  it('is shown, and its private key is not, which stays when it is sent back as it was answered', async () => {
    const { cert, key } = await selfSignedCertificate(valid);
    const created = await put({ kind: 'tls', origins, certificate: cert, private_key: key });
    expect(created.body).toMatchObject({ certificate: cert, secret_fields: ['private_key'] });
    expect(JSON.stringify(created.body)).not.toContain('PRIVATE KEY');
    expect((await put({ ...created.body, name: 'Ours' })).body).toMatchObject({ name: 'Ours', version: 2 });
    expect(await carried({ tls: 'crm' })).toMatchObject({ certificate: cert, private_key: key });
  });

  it('is refused with the private key of another one', async () => {
    const { cert } = await selfSignedCertificate(valid);
    const { key } = await selfSignedCertificate(valid);
    expect(pathsOf(await put({ kind: 'tls', origins, certificate: cert, private_key: key }))).toEqual([
      'private_key',
    ]);
  });

  it('gives way to an authority alone when its private key is taken away', async () => {
    const { cert, key } = await selfSignedCertificate(valid);
    await put({ kind: 'tls', origins, certificate: cert, private_key: key });
    const replaced = await put({ kind: 'tls', origins, ca: cert, private_key: null });
    expect(replaced).toMatchObject({ status: 200, body: { ca: cert, secret_fields: [] } });
  });
});

describe('a credential whose URLs would not be called', () => {
  it('is refused, with each of them', async () => {
    const refused = await put({
      ...oauth2,
      origins: [ORIGIN, 'https://10.0.0.1'],
      token_url: 'https://169.254.169.254/token',
    });
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(['origins[1]', 'token_url']);
    expect((await admin.get('/v1/credentials/crm')).status).toBe(404);
  });
});

describe('a step', () => {
  beforeEach(async () => {
    await put(basic);
  });

  it('names the credential that its call carries, and keeps it as it was written', async () => {
    const created = await admin.call('POST', '/v1/rules', ruleWith({ auth: 'crm' }));
    expect(created).toMatchObject({ status: 201, body: { steps: [{ auth: 'crm' }] } });
  });

  it.each<[string, object]>([
    ['one that is not there', ruleWith({ auth: 'none' })],
    ['one for another origin', ruleWith({ auth: 'crm' }, 'https://other.example.com/hook')],
  ])('may not name %s', async (_what, rule) => {
    const refused = await admin.call('POST', '/v1/rules', rule);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(['steps[0].auth']);
    const inRulebook = await admin.call('PUT', '/v1/rules', { rules: [rule] });
    expect(inRulebook.status).toBe(422);
    expect(pathsOf(inRulebook)).toEqual(['rules[0].steps[0].auth']);
  });

  it('keeps its credential from being deleted', async () => {
    await admin.call('POST', '/v1/rules', ruleWith({ auth: 'crm' }));
    const refused = await admin.call('DELETE', '/v1/credentials/crm');
    expect(refused).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('watch') as string },
    });
  });
});
