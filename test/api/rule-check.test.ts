import { ruleDocument } from '../support/rules-file';
import { ApiLab, type CheckedCaller } from './lab';

interface Check {
  problems: { path: string; message: string }[];
  outcome: string | null;
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

const rule = ruleDocument({ urls: ['https://example.com/hook'] });

async function check(document: object): Promise<Check> {
  const { status, body } = await admin.call<Check>('POST', '/v1/rules/check', document);
  expect(status).toBe(200);
  return body;
}

describe('checking a rule', () => {
  it('tells that it would be created, and creates nothing', async () => {
    expect(await check(rule)).toEqual({ problems: [], outcome: 'created' });
    expect((await admin.get('/v1/rules/watch')).status).toBe(404);
  });

  it('tells that it would replace another', async () => {
    await admin.call('POST', '/v1/rules', rule);
    expect(await check({ ...rule, name: 'Another' })).toEqual({ problems: [], outcome: 'updated' });
  });

  it('tells each bad field by its path', async () => {
    const steps = [{ action: 'call_webhook', url: 'ftp://example.com' }];
    const { problems, outcome } = await check({ ...rule, nmae: 'x', steps });
    expect(problems.map(({ path }) => path).sort()).toEqual(['nmae', 'steps[0].url']);
    expect(outcome).toBeNull();
  });

  it('tells which URL would not be called', async () => {
    const { problems } = await check(ruleDocument({ urls: ['https://example.com', 'https://10.0.0.1/'] }));
    expect(problems.map(({ path }) => path)).toEqual(['steps[1].url']);
  });

  it('tells that it names a portfolio that is not there', async () => {
    const filters = { ...rule.filters, scorecards: { value: 'in_portfolio', portfolio_id: 'none' } };
    const { problems } = await check({ ...rule, filters });
    expect(problems.map(({ path }) => path)).toEqual(['filters.scorecards.portfolio_id']);
  });
});
