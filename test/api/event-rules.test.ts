import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { sampleEvent } from '../support/events';
import { ruleDocument, rulebookDocument } from '../support/rules-file';
import { createLocalEnvironment } from '../support/temporal';
import { ApiLab, pathsOf, type CheckedCaller } from './lab';

interface Item {
  rule: { id: string; name: string | null };
  matched: boolean;
  reason: string;
  execution_id: string | null;
  rule_version: number | null;
  now: { matches: boolean; reason: string } | null;
}

const urls = ['https://example.com/hook'];
/** Of the sample event, whose score falls from 90 to 78, these fire a rule and do not. */
const FITS = { value: 'score_drop_threshold', threshold: 80 };
const DOES_NOT_FIT = { value: 'score_drop_threshold', threshold: 10 };

let environment: TestWorkflowEnvironment;
let lab: ApiLab;
let admin: CheckedCaller;
beforeAll(async () => {
  environment = await createLocalEnvironment();
  lab = await ApiLab.open(environment.nativeConnection);
});
beforeEach(async () => {
  admin = await lab.workspace();
  await admin.call('PUT', '/v1/rules', rulebookDocument({ id: 'b', urls }, { id: 'd', urls }));
  await admin.call('POST', '/v1/rules', ruleFor('c', DOES_NOT_FIT));
});
afterAll(async () => {
  await lab.close();
  await environment.teardown();
});

function ruleFor(id: string, changes: object) {
  const { filters, ...rule } = ruleDocument({ id, urls });
  return { ...rule, filters: { ...filters, changes } };
}

async function edit(id: string, changes: object): Promise<void> {
  const { status } = await admin.call('PUT', `/v1/rules/${id}`, ruleFor(id, changes));
  expect(status).toBe(200);
}

const rulesOf = (query = '') => admin.all<Item>(`/v1/events/e-1/rules${query}`);

async function ruleOf(id: string): Promise<Item | undefined> {
  return (await rulesOf()).find(({ rule }) => rule.id === id);
}

describe('the rules of an event', () => {
  it('are those that it matched, with their executions, and those that it did not, with the reason', async () => {
    const { body } = await admin.event(sampleEvent({ id: 'e-1' }));
    const [first, second] = body.executions;
    const matched = { matched: true, rule_version: 1, now: { matches: true } };
    expect(await rulesOf()).toMatchObject([
      { ...matched, rule: { id: 'b', name: 'Score watch' }, execution_id: first?.execution_id },
      {
        rule: { id: 'c', name: 'Score watch' },
        matched: false,
        reason: expect.stringContaining('10') as string,
        execution_id: null,
        rule_version: null,
        now: { matches: false },
      },
      { ...matched, rule: { id: 'd' }, execution_id: second?.execution_id },
    ]);
  });

  it.each([
    ['?matched=true', ['b', 'd']],
    ['?matched=false', ['c']],
  ])('are narrowed with %s', async (query, expected) => {
    await admin.event(sampleEvent({ id: 'e-1' }));
    expect((await rulesOf(query)).map(({ rule }) => rule.id)).toEqual(expected);
  });

  it('that matched are told with why they did so then, also after an edit', async () => {
    await admin.event(sampleEvent({ id: 'e-1' }));
    const before = await ruleOf('b');
    await edit('b', DOES_NOT_FIT);
    expect(await ruleOf('b')).toMatchObject({
      matched: true,
      reason: before?.reason,
      rule_version: 1,
      now: { matches: false },
    });
  });

  it('that matched have no name and no present once they are deleted', async () => {
    await admin.event(sampleEvent({ id: 'e-1' }));
    await admin.call('DELETE', '/v1/rules/b');
    expect(await ruleOf('b')).toMatchObject({ rule: { id: 'b', name: null }, matched: true, now: null });
  });

  it('that did not match are no longer told of once they are deleted', async () => {
    await admin.event(sampleEvent({ id: 'e-1' }));
    await admin.call('DELETE', '/v1/rules/c');
    expect(await ruleOf('c')).toBeUndefined();
  });

  it('that came after the event are told with when they came', async () => {
    await admin.event(sampleEvent({ id: 'e-1' }));
    await admin.call('POST', '/v1/rules', ruleFor('a', FITS));
    expect(await ruleOf('a')).toMatchObject({
      matched: false,
      reason: expect.stringMatching(/^the rule was not there yet: it was created at .*Z$/) as string,
      now: { matches: true },
    });
  });

  it('that would match since they were edited are told with when that was', async () => {
    await admin.event(sampleEvent({ id: 'e-1' }));
    await edit('c', FITS);
    expect(await ruleOf('c')).toMatchObject({
      matched: false,
      reason: expect.stringMatching(
        /^the rule did not match as it was then: it was changed at .*Z$/,
      ) as string,
      now: { matches: true },
    });
  });

  it('that would match since scorecards were changed are told with that', async () => {
    await admin.call('DELETE', '/v1/scorecards/example.com');
    await admin.event(sampleEvent({ id: 'e-1' }));
    await admin.call('PUT', '/v1/scorecards/example.com', { followed: true });
    expect(await ruleOf('b')).toMatchObject({
      matched: false,
      reason: 'the rule did not match as scorecards, groups and issue types were then',
      now: { matches: true },
    });
  });

  it('of a trial are the one that was tried, and the others with that as the reason', async () => {
    await admin.event(sampleEvent({ id: 'e-1', trial: { rule_id: 'c' } }));
    const items = await admin.all<Item>(`/v1/events/${encodeURIComponent('trial/e-1')}/rules`);
    expect(items.map(({ rule, matched }) => [rule.id, matched])).toEqual([
      ['b', false],
      ['c', true],
      ['d', false],
    ]);
    expect(items[0]?.reason).toBe('the event is a trial of another rule, c');
  });

  it('come in pages', async () => {
    await admin.event(sampleEvent({ id: 'e-1' }));
    const pages: (string | undefined)[][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await admin.get<{ items: Item[]; next_cursor: string | null }>(
        `/v1/events/e-1/rules?limit=2${from}`,
      );
      pages.push(body.items.map(({ rule }) => rule.id));
      cursor = body.next_cursor;
    }
    expect(pages).toEqual([['b', 'c'], ['d']]);
  });

  it.each([
    ['limit=0', 'limit'],
    ['cursor=nonsense', 'cursor'],
    [`cursor=${Buffer.from('"b"').toString('base64url')}`, 'cursor'],
    ['matched=maybe', 'matched'],
  ])('are not told with %s', async (query, path) => {
    await admin.event(sampleEvent({ id: 'e-1' }));
    const refused = await admin.get(`/v1/events/e-1/rules?${query}`);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual([path]);
  });

  it('of an event that is not there are 404', async () => {
    expect((await admin.get('/v1/events/none/rules')).status).toBe(404);
  });
});
