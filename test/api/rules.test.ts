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

const rule = ruleDocument({ urls: ['https://example.com/hook'] });

describe('creating a rule', () => {
  it('answers it with its address and version', async () => {
    const created = await admin.call('POST', '/v1/rules', rule);
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe('/v1/rules/watch');
    expect(created.headers.get('etag')).toBe('"1"');
    expect(created.body).toMatchObject({
      ...rule,
      version: 1,
      updated_by: expect.stringMatching(/^key\//) as string,
    });
  });

  it('keeps what was written, not what it means', async () => {
    const written = { ...rule, retry_schedule: ['90s', '2h'] };
    await admin.call('POST', '/v1/rules', written);
    const { body } = await admin.get('/v1/rules/watch');
    expect(body['retry_schedule']).toEqual(['90s', '2h']);
  });

  it('is refused when there is one by that id', async () => {
    await admin.call('POST', '/v1/rules', rule);
    expect((await admin.call('POST', '/v1/rules', rule)).status).toBe(409);
  });

  it('is refused with the path of each bad field', async () => {
    const wrong = { ...rule, nmae: 'x', steps: [{ action: 'call_webhook', url: 'ftp://example.com' }] };
    const refused = await admin.call('POST', '/v1/rules', wrong);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused).sort()).toEqual(['nmae', 'steps[0].url']);
  });

  it('is refused when it names a portfolio that is not there', async () => {
    const filters = { ...rule.filters, scorecards: { value: 'in_portfolio', portfolio_id: 'none' } };
    const refused = await admin.call('POST', '/v1/rules', { ...rule, filters });
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(['filters.scorecards.portfolio_id']);
  });
});

describe('a rule', () => {
  beforeEach(() => admin.call('POST', '/v1/rules', rule));

  it('that was got, edited and put back has a new version', async () => {
    const { body } = await admin.get('/v1/rules/watch');
    const put = await admin.call('PUT', '/v1/rules/watch', { ...body, name: 'Other' });
    expect(put).toMatchObject({ status: 200, body: { name: 'Other', version: 2 } });
    expect(put.headers.get('etag')).toBe('"2"');
  });

  it('that is put back as it is keeps its version', async () => {
    const { body } = await admin.get('/v1/rules/watch');
    expect(await admin.call('PUT', '/v1/rules/watch', body)).toMatchObject({ body: { version: 1 } });
  });

  it('needs no id in a body whose address has it', async () => {
    const withoutId = { ...rule, id: undefined };
    expect((await admin.call('PUT', '/v1/rules/watch', withoutId)).status).toBe(200);
  });

  it('cannot be put under the id of another', async () => {
    const refused = await admin.call('PUT', '/v1/rules/watch', { ...rule, id: 'other' });
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(['id']);
  });

  it('that is not there cannot be replaced, shown, deleted, paused or tried', async () => {
    const answers = await Promise.all([
      admin.call('PUT', '/v1/rules/none', { ...rule, id: 'none' }),
      admin.get('/v1/rules/none'),
      admin.call('DELETE', '/v1/rules/none'),
      admin.call('POST', '/v1/rules/none/pause'),
      admin.call('POST', '/v1/rules/none/test'),
      admin.get('/v1/rules/none/versions'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
  });

  it('that is deleted is gone, and its versions stay', async () => {
    expect((await admin.call('DELETE', '/v1/rules/watch')).status).toBe(204);
    expect((await admin.get('/v1/rules/watch')).status).toBe(404);
    const { body } = await admin.get('/v1/rules/watch/versions');
    expect(body['items']).toMatchObject([{ action: 'deleted' }, { action: 'created', version: 1 }]);
  });

  it('is paused, and resumed', async () => {
    const paused = await admin.call('POST', '/v1/rules/watch/pause');
    expect(paused).toMatchObject({ status: 200, body: { paused_at: expect.stringMatching(/Z$/) as string } });
    const resumed = await admin.call('POST', '/v1/rules/watch/resume');
    expect(resumed.body['paused_at'] ?? null).toBeNull();
    expect(resumed.headers.get('etag')).toBe('"3"');
  });

  it('that is paused stays paused since then', async () => {
    const first = await admin.call('POST', '/v1/rules/watch/pause');
    const second = await admin.call('POST', '/v1/rules/watch/pause');
    expect(second.body).toEqual(first.body);
  });

  it('shows its versions with who made them', async () => {
    await admin.call('PUT', '/v1/rules/watch', { ...rule, name: 'Other' });
    const { body } = await admin.get('/v1/rules/watch/versions');
    expect(body['items']).toMatchObject([
      { version: 2, action: 'updated', document: { name: 'Other' } },
      { version: 1, action: 'created', changed_by: expect.stringMatching(/^key\//) as string },
    ]);
  });
});

describe('explaining a rule', () => {
  const drop = {
    type: 'scorecard.changed',
    scorecard_id: 'sc-1',
    domain: 'example.com',
    previous: { score: 90 },
    current: { score: 78 },
  };
  beforeEach(async () => {
    await admin.call('POST', '/v1/rules', rule);
    await admin.call('PUT', '/v1/scorecards/sc-1', { domain: 'example.com', followed: true });
  });

  it('says that an event would match, why, and with which trigger', async () => {
    expect(await admin.call('POST', '/v1/rules/watch/explain', drop)).toMatchObject({
      status: 200,
      body: {
        matches: true,
        reason: expect.any(String) as string,
        trigger: { type: 'score_drop_threshold' },
      },
    });
  });

  it('says why an event would not match', async () => {
    const answer = await admin.call('POST', '/v1/rules/watch/explain', { ...drop, current: { score: 85 } });
    expect(answer).toMatchObject({
      status: 200,
      body: { matches: false, reason: expect.any(String) as string },
    });
    expect(answer.body).not.toHaveProperty('trigger');
  });

  it('sees an edit that was answered before', async () => {
    await admin.call('POST', '/v1/rules/watch/pause');
    const answer = await admin.call('POST', '/v1/rules/watch/explain', drop);
    expect(answer).toMatchObject({
      body: { matches: true, reason: expect.stringContaining('held: the rule is paused') as string },
    });
  });

  it('of a rule that is not there is 404', async () => {
    expect((await admin.call('POST', '/v1/rules/none/explain', drop)).status).toBe(404);
  });

  it('with what is no event is refused with each path', async () => {
    const refused = await admin.call('POST', '/v1/rules/watch/explain', { ...drop, domain: 'no host' });
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(['domain']);
  });
});
