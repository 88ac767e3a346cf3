import { ruleDocument } from '../support/rules-file';
import { ApiLab, pathsOf, type CheckedCaller } from './lab';

interface Page {
  items: Record<string, unknown>[];
  next_cursor: string | null;
}

let lab: ApiLab;
let admin: CheckedCaller;
beforeAll(async () => {
  lab = await ApiLab.open();
  admin = await lab.workspace();
  for (const nth of [1, 2, 3, 4, 5, 6, 7]) {
    await admin.call('PUT', `/v1/members/m-${nth}`, { name: 'M', email: 'm@example.com' });
    await admin.call('PUT', `/v1/portfolios/p-${nth}`, {});
    await admin.call('PUT', `/v1/event-types/type.t-${nth}`, {});
    await admin.call('POST', '/v1/rules', ruleDocument({ id: `r-${nth}`, urls: ['https://example.com'] }));
    await admin.call('POST', '/v1/rules/r-1/' + (nth % 2 ? 'pause' : 'resume'));
    await admin.call('POST', '/v1/api-keys', { name: 'K', role: 'viewer' });
    const origin = `https://d-${nth}.example.com`;
    await admin.call('PUT', `/v1/credentials/c-${nth}`, {
      kind: 'bearer',
      origins: [origin],
      token: 'a-token',
    });
    await admin.call('PUT', `/v1/channels/c-${nth}`, { kind: 'slack', url: `${origin}/hook` });
    await admin.call('PUT', `/v1/destinations/${encodeURIComponent(origin)}`, {});
    await admin.call('POST', '/v1/events', { id: `e-${nth}`, type: 'nobody.listens', data: {} });
  }
  const scorecards = ['S-1', 's-2', 'S-3', 's-4', 's-5'].map((id) => ({ id }));
  await admin.call('POST', '/v1/scorecards/import', { scorecards, portfolio: 'p-1' });
});
afterAll(() => lab.close());

async function pages(path: string, limit: number): Promise<Page[]> {
  const all: Page[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor === '' ? `?limit=${limit}` : `?limit=${limit}&cursor=${cursor}`;
    const { body }: { body: Page } = await admin.get<Page>(path + query);
    all.push(body);
    cursor = body.next_cursor;
  }
  return all;
}

describe.each([
  '/v1/members',
  '/v1/portfolios',
  '/v1/portfolios/p-1/scorecards',
  '/v1/scorecards',
  '/v1/event-types',
  '/v1/rules',
  '/v1/rules/r-1/versions',
  '/v1/api-keys',
  '/v1/credentials',
  '/v1/channels',
  '/v1/destinations',
  '/v1/events',
  '/v1/audit',
])('%s', (path) => {
  it.each([1, 2, 3, 7])('comes whole in pages of %d, nothing twice', async (limit) => {
    const whole = (await admin.get<Page>(`${path}?limit=200`)).body.items;
    expect(whole.length).toBeGreaterThan(4);
    const paged = await pages(path, limit);
    expect(paged.flatMap(({ items }) => items)).toEqual(whole);
    expect(paged.slice(0, -1).every(({ items }) => items.length === limit)).toBe(true);
    expect(paged.at(-1)?.items.length).toBeGreaterThan(0);
  });

  it.each(['0', '201', '-1', 'x', '1.5', ''])('refuses a limit of %j', async (limit) => {
    const refused = await admin.get(`${path}?limit=${limit}`);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(['limit']);
  });

  it.each(['x', '', 'e30', 'bnVsbA', '%00'])('refuses the cursor %j', async (cursor) => {
    const refused = await admin.get(`${path}?cursor=${cursor}`);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(['cursor']);
  });

  it('refuses what it does not know', async () => {
    const refused = await admin.get(`${path}?page=2`);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(['page']);
  });
});

it('workspaces come in pages, too', async () => {
  for (let nth = 0; nth < 3; nth += 1) await lab.workspace();
  const operator = lab.operator();
  const whole = await operator.get<Page>('/v1/workspaces?limit=200');
  const first = await operator.get<Page>('/v1/workspaces?limit=2');
  const cursor = first.body.next_cursor ?? '';
  const second = await operator.get<Page>(`/v1/workspaces?limit=200&cursor=${cursor}`);
  expect([...first.body.items, ...second.body.items]).toEqual(whole.body.items);
});
