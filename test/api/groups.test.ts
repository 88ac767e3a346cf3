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

async function ids(path: string): Promise<string[]> {
  const items = await admin.all<{ id: string }>(path);
  return items.map(({ id }) => id);
}

describe('scorecards', () => {
  it('are created by a PUT, and replaced by the next', async () => {
    const created = await admin.call('PUT', '/v1/scorecards/sc-1', { domain: 'Example.com', mine: true });
    expect(created).toMatchObject({
      status: 201,
      body: { id: 'sc-1', domain: 'example.com', mine: true, followed: false, version: 1 },
    });
    expect(created.headers.get('location')).toBe('/v1/scorecards/sc-1');
    const replaced = await admin.call('PUT', '/v1/scorecards/sc-1', { followed: true });
    expect(replaced).toMatchObject({
      status: 200,
      body: { domain: null, mine: false, followed: true, version: 2 },
    });
  });

  it('have ids of any kind that is one line', async () => {
    const path = `/v1/scorecards/${encodeURIComponent('a/b c?é')}`;
    expect((await admin.call('PUT', path, {})).headers.get('location')).toBe(path);
    expect(await admin.get(path)).toMatchObject({ status: 200, body: { id: 'a/b c?é' } });
  });

  it('are refused when their id cannot be one', async () => {
    expect((await admin.call('PUT', '/v1/scorecards/a%00b', {})).status).toBe(422);
    expect((await admin.call('PUT', `/v1/scorecards/${'x'.repeat(254)}`, {})).status).toBe(422);
  });

  it('are refused with a body of another id', async () => {
    expect(pathsOf(await admin.call('PUT', '/v1/scorecards/sc-1', { id: 'sc-2' }))).toEqual(['id']);
  });

  it('are listed by what they are', async () => {
    await admin.call('PUT', '/v1/scorecards/a', { domain: 'a.example', mine: true });
    await admin.call('PUT', '/v1/scorecards/b', { domain: 'b.example', followed: true });
    expect(await ids('/v1/scorecards?mine=true')).toEqual(['a']);
    expect(await ids('/v1/scorecards?followed=false')).toEqual(['a']);
    expect(await ids('/v1/scorecards?domain=B.example')).toEqual(['b']);
  });

  it('are deleted, also from portfolios', async () => {
    await admin.call('PUT', '/v1/portfolios/vendors', {});
    await admin.call('PUT', '/v1/portfolios/vendors/scorecards', { scorecards: ['a', 'b'] });
    expect((await admin.call('DELETE', '/v1/scorecards/a')).status).toBe(204);
    expect(await ids('/v1/portfolios/vendors/scorecards')).toEqual(['b']);
    expect((await admin.call('DELETE', '/v1/scorecards/a')).status).toBe(404);
  });

  it('are imported many at once, into a portfolio too', async () => {
    await admin.call('PUT', '/v1/scorecards/a', { mine: true });
    await admin.call('PUT', '/v1/portfolios/vendors', {});
    const imported = await admin.call('POST', '/v1/scorecards/import', {
      scorecards: [
        { id: 'a', domain: 'a.example' },
        { id: 'b', followed: true },
      ],
      portfolio: 'vendors',
    });
    expect(imported).toMatchObject({ status: 200, body: { created: 1, updated: 1, unchanged: 0 } });
    expect((await admin.get('/v1/scorecards/a')).body).toMatchObject({ mine: true, domain: 'a.example' });
    expect(await ids('/v1/portfolios/vendors/scorecards')).toEqual(['a', 'b']);
  });

  it('are not imported into a portfolio that is not there', async () => {
    const body = { scorecards: [{ id: 'a' }], portfolio: 'none' };
    const refused = await admin.call('POST', '/v1/scorecards/import', body);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(['portfolio']);
    expect(await ids('/v1/scorecards')).toEqual([]);
  });
});

describe('portfolios', () => {
  it('are created, renamed and counted', async () => {
    expect(await admin.call('PUT', '/v1/portfolios/vendors', { name: 'Vendors' })).toMatchObject({
      status: 201,
      body: { name: 'Vendors', scorecards: 0 },
    });
    await admin.call('POST', '/v1/portfolios/vendors/scorecards', { scorecards: ['a', 'b'] });
    const { body } = await admin.get('/v1/portfolios/vendors');
    expect(body).toMatchObject({ scorecards: 2 });
    expect(await admin.call('PUT', '/v1/portfolios/vendors', { ...body, name: null })).toMatchObject({
      status: 200,
      body: { name: null, scorecards: 2 },
    });
  });

  it('have members that are added, replaced and taken out', async () => {
    const path = '/v1/portfolios/vendors/scorecards';
    await admin.call('PUT', '/v1/portfolios/vendors', {});
    expect((await admin.call('POST', path, { scorecards: ['a', 'b'] })).status).toBe(204);
    await admin.call('POST', path, { scorecards: ['b', 'c'] });
    expect(await ids(path)).toEqual(['a', 'b', 'c']);
    expect((await admin.call('PUT', path, { scorecards: ['c', 'd'] })).status).toBe(204);
    expect((await admin.call('DELETE', `${path}/c`)).status).toBe(204);
    expect(await ids(path)).toEqual(['d']);
  });

  it('that are not there have no members', async () => {
    const path = '/v1/portfolios/none/scorecards';
    const answers = await Promise.all([
      admin.get(path),
      admin.call('POST', path, { scorecards: ['a'] }),
      admin.call('PUT', path, { scorecards: ['a'] }),
      admin.call('DELETE', `${path}/a`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });

  it('are not deleted while a rule names them', async () => {
    await admin.call('PUT', '/v1/portfolios/vendors', {});
    const rule = ruleDocument({ urls: ['https://example.com'] });
    const filters = { ...rule.filters, scorecards: { value: 'in_portfolio', portfolio_id: 'vendors' } };
    await admin.call('POST', '/v1/rules', { ...rule, filters });
    expect((await admin.call('DELETE', '/v1/portfolios/vendors')).status).toBe(409);
    await admin.call('DELETE', '/v1/rules/watch');
    expect((await admin.call('DELETE', '/v1/portfolios/vendors')).status).toBe(204);
  });
});

describe('issue types', () => {
  it('are replaced as a whole', async () => {
    await admin.call('PUT', '/v1/issue-types', { malware: 'high', phishing: 'low' });
    expect(await admin.call('PUT', '/v1/issue-types', { malware: 'low' })).toMatchObject({ status: 200 });
    expect((await admin.get('/v1/issue-types')).body).toEqual({ malware: 'low' });
  });

  it('have severities of the scale', async () => {
    const refused = await admin.call('PUT', '/v1/issue-types', { malware: 'awful' });
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(['malware']);
  });
});

describe('members', () => {
  const ada = { name: 'Ada', email: 'ada@example.com' };

  it('are created, got, replaced and deleted', async () => {
    expect(await admin.call('PUT', '/v1/members/ada', ada)).toMatchObject({ status: 201, body: ada });
    const { body } = await admin.get('/v1/members/ada');
    expect(await admin.call('PUT', '/v1/members/ada', { ...body, name: 'Ada L.' })).toMatchObject({
      status: 200,
      body: { name: 'Ada L.', version: 2 },
    });
    expect(await ids('/v1/members')).toEqual(['ada']);
    expect((await admin.call('DELETE', '/v1/members/ada')).status).toBe(204);
    expect((await admin.get('/v1/members/ada')).status).toBe(404);
  });

  it('have an id and an address that can be used', async () => {
    const refused = await admin.call('PUT', '/v1/members/ada', { name: 'Ada', email: 'ada' });
    expect(pathsOf(refused)).toEqual(['email']);
    expect(pathsOf(await admin.call('PUT', '/v1/members/Ada', ada))).toEqual(['id']);
  });

  it('are not deleted while a rule is theirs', async () => {
    await admin.call('PUT', '/v1/members/ada', ada);
    const rule = { ...ruleDocument({ urls: ['https://example.com'] }), owner: { member: 'ada' } };
    expect((await admin.call('POST', '/v1/rules', rule)).status).toBe(201);
    expect((await admin.call('DELETE', '/v1/members/ada')).status).toBe(409);
  });

  it('that are not there own no rule', async () => {
    const rule = { ...ruleDocument({ urls: ['https://example.com'] }), owner: { member: 'nobody' } };
    expect(pathsOf(await admin.call('POST', '/v1/rules', rule))).toEqual(['owner.member']);
  });
});

describe('event types', () => {
  const schema = { type: 'object', required: ['amount'], properties: { amount: { type: 'number' } } };

  it('are created, got, replaced and deleted', async () => {
    const created = await admin.call('PUT', '/v1/event-types/invoice.paid', { schema });
    expect(created).toMatchObject({ status: 201, body: { name: 'invoice.paid', schema, version: 1 } });
    const { body } = await admin.get('/v1/event-types/invoice.paid');
    const described = { ...body, description: 'Money came in' };
    expect(await admin.call('PUT', '/v1/event-types/invoice.paid', described)).toMatchObject({
      status: 200,
      body: { description: 'Money came in', schema, version: 2 },
    });
    expect((await admin.get('/v1/event-types')).body['items']).toHaveLength(1);
    expect((await admin.call('DELETE', '/v1/event-types/invoice.paid')).status).toBe(204);
    expect((await admin.get('/v1/event-types/invoice.paid')).status).toBe(404);
  });

  it.each(['scorecard.changed', 'Invoice', 'invoice.*', 'a..b'])(
    'are refused with the name %s',
    async (name) => {
      expect(pathsOf(await admin.call('PUT', `/v1/event-types/${name}`, {}))).toEqual(['name']);
    },
  );

  it('are refused with a schema that cannot be used, and its path', async () => {
    const wrong = { type: 'object', properties: { amount: { type: 'money' } } };
    const refused = await admin.call('PUT', '/v1/event-types/invoice.paid', { schema: wrong });
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toContain('schema.properties.amount.type');
  });
});
