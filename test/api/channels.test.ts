import type { ChannelAnswer } from '../../src/destinations/channel';
import { ruleDocument } from '../support/rules-file';
import { ApiLab, pathsOf, type CheckedCaller } from './lab';

const URL = 'https://hooks.slack.com/services/T0/B0/canary';
const slack = { kind: 'slack', name: 'Operations', url: URL };

let lab: ApiLab;
let admin: CheckedCaller;
let answer: ChannelAnswer;
beforeAll(async () => {
  lab = await ApiLab.open(undefined, { tried: () => answer });
});
beforeEach(async () => {
  admin = await lab.workspace();
});
afterAll(() => lab.close());

const put = (document: object, headers: Record<string, string> = {}) =>
  admin.call('PUT', '/v1/channels/ops', document, headers);
const rule = (notify: object) => ({ ...ruleDocument({ urls: ['https://example.com'] }), notify });

describe('a channel', () => {
  it('is created, and shown without its URL', async () => {
    const created = await put(slack);
    const shown = {
      id: 'ops',
      kind: 'slack',
      name: 'Operations',
      origin: 'https://hooks.slack.com',
      version: 1,
      created_at: expect.any(String) as string,
      updated_at: expect.any(String) as string,
      updated_by: expect.stringMatching(/^key\//) as string,
    };
    expect(created).toMatchObject({ status: 201, body: { ...shown, signing_secret: null } });
    expect(created.headers.get('location')).toBe('/v1/channels/ops');
    expect((await admin.get('/v1/channels/ops')).body).toEqual(shown);
    expect((await admin.get('/v1/channels')).body).toEqual({ items: [shown], next_cursor: null });
  });

  it('tells nobody of its URL, not in the audit log and not in our own', async () => {
    await put(slack);
    await admin.call('DELETE', '/v1/channels/ops');
    expect(JSON.stringify((await admin.get('/v1/audit')).body)).not.toContain('canary');
    expect(lab.log.join('')).not.toContain('canary');
  });

  it('that is a webhook shows its signing secret when it is created, and never again', async () => {
    const { body, headers } = await put({ ...slack, kind: 'webhook' });
    expect(body['signing_secret']).toMatch(/^whsec_/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await put({ kind: 'webhook' })).body['signing_secret']).toBeNull();
  });

  it('can be sent back as it was answered', async () => {
    const created = await put(slack);
    const { signing_secret, ...shown } = created.body;
    expect(signing_secret).toBeNull();
    expect((await put(shown)).status).toBe(200);
    expect((await lab.store.channels.open(admin.workspace, 'ops'))?.url).toBe(URL);
  });

  it.each<[string, object, string[]]>([
    ['no URL', { kind: 'slack' }, ['url']],
    ['an unknown kind', { ...slack, kind: 'irc' }, ['kind']],
    ['no URL at all', { ...slack, url: 'hooks' }, ['url']],
    ['an address that is not called', { ...slack, url: 'http://169.254.169.254/' }, ['url']],
    ['another id than that of the address', { ...slack, id: 'dev' }, ['id']],
    ['what it does not know', { ...slack, color: 'red' }, ['color']],
  ])('with %s is refused', async (_what, document, paths) => {
    const refused = await put(document);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(paths);
  });

  it('of another kind needs its URL anew', async () => {
    await put(slack);
    expect(pathsOf(await put({ kind: 'teams' }))).toEqual(['url']);
  });

  it('is changed only as it was read', async () => {
    await put(slack);
    expect((await put({ ...slack, name: 'x' }, { 'if-match': '"7"' })).status).toBe(412);
    expect((await put(slack, { 'if-none-match': '*' })).status).toBe(412);
  });

  it('is deleted, but not while a rule names it', async () => {
    await put(slack);
    await admin.call('POST', '/v1/rules', rule({ channels: ['ops'] }));
    expect(await admin.call('DELETE', '/v1/channels/ops')).toMatchObject({
      status: 409,
      body: { detail: 'channel "ops" is in use by rule "watch"' },
    });
    await admin.call('DELETE', '/v1/rules/watch');
    expect((await admin.call('DELETE', '/v1/channels/ops')).status).toBe(204);
    expect((await admin.get('/v1/channels/ops')).status).toBe(404);
  });
});

describe('a test message', () => {
  it('says that it was taken', async () => {
    await put(slack);
    answer = { sent: true, status: 200, durationMs: 87 };
    expect((await admin.call('POST', '/v1/channels/ops/test')).body).toEqual({
      sent: true,
      status: 200,
      error: null,
      duration_ms: 87,
    });
    const { body } = await admin.get<{ items: { action: string }[] }>('/v1/audit?limit=1');
    expect(body.items[0]?.action).toBe('channel.tested');
  });

  it('says why it was not taken', async () => {
    await put(slack);
    answer = { sent: false, error: 'ECONNREFUSED', durationMs: 3 };
    expect((await admin.call('POST', '/v1/channels/ops/test')).body).toEqual({
      sent: false,
      status: null,
      error: 'ECONNREFUSED',
      duration_ms: 3,
    });
  });

  it('to a channel that is not there is refused', async () => {
    expect((await admin.call('POST', '/v1/channels/ops/test')).status).toBe(404);
  });
});

describe('a rule', () => {
  it('tells channels, members and addresses', async () => {
    await put(slack);
    await admin.call('PUT', '/v1/members/bob', { name: 'Bob', email: 'bob@example.com' });
    const notify = { digest: '15m', channels: ['ops'], recipients: ['ada@example.org', { member: 'bob' }] };
    expect(await admin.call('POST', '/v1/rules', rule(notify))).toMatchObject({
      status: 201,
      body: { notify },
    });
  });

  it.each<[string, object, string[]]>([
    ['a channel that is not there', { channels: ['none'] }, ['notify.channels[0]']],
    ['a member who is not there', { recipients: [{ member: 'none' }] }, ['notify.recipients[0].member']],
    ['what is no address', { recipients: ['ada'] }, ['notify.recipients[0]']],
    ['the same twice', { channels: ['ops', 'ops'] }, ['notify.channels[1]']],
    ['an address twice', { recipients: ['a@b.example', 'A@b.example'] }, ['notify.recipients[1]']],
    ['an unknown key', { sms: [] }, ['notify.sms']],
  ])('that names %s is refused, with the path', async (_what, notify, paths) => {
    const refused = await admin.call('POST', '/v1/rules', rule(notify));
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(paths);
  });

  it('of a YAML document is refused with the path there', async () => {
    const document = `rules: [${JSON.stringify(rule({ channels: ['none'] }))}]`;
    const refused = await admin.call('PUT', '/v1/rules', document, { 'content-type': 'application/yaml' });
    expect(pathsOf(refused)).toEqual(['rules[0].notify.channels[0]']);
  });
});
