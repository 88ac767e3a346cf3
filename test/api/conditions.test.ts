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

/** Things with versions: their address, and bodies that differ. */
const THINGS: [string, object, object][] = [
  ['/v1/rules/watch', rule, { ...rule, name: 'Other' }],
  ['/v1/members/ada', { name: 'Ada', email: 'a@example.com' }, { name: 'Ada', email: 'b@example.com' }],
  ['/v1/scorecards/sc-1', { mine: true }, { mine: false }],
  ['/v1/portfolios/vendors', { name: 'A' }, { name: 'B' }],
  ['/v1/event-types/invoice.paid', { description: 'A' }, { description: 'B' }],
];

describe.each(THINGS)('%s', (path, first, second) => {
  const put = (body: object, headers: Record<string, string>) => admin.call('PUT', path, body, headers);
  const create = () => put(first, { 'if-none-match': '*' });

  it('is created only if it is not there: If-None-Match: *', async () => {
    expect(await create()).toMatchObject({ status: 201, body: { version: 1 } });
    expect((await put(second, { 'if-none-match': '*' })).status).toBe(412);
    expect((await admin.get(path)).body).toMatchObject(first);
  });

  it.each(['"1"', '*', '"7", "1"', ' "1" ,W/"3"'])('is replaced if it has the version: %s', async (tag) => {
    await create();
    const replaced = await put(second, { 'if-match': tag });
    expect(replaced).toMatchObject({ status: 200, body: { version: 2 } });
    expect(replaced.headers.get('etag')).toBe('"2"');
  });

  it.each(['"2"', 'W/"1"', '"7", "8"', '"one"', '""', '"1.0"'])(
    'is left alone if it has not: %s',
    async (tag) => {
      await create();
      expect((await put(second, { 'if-match': tag })).status).toBe(412);
      expect((await admin.call('DELETE', path, undefined, { 'if-match': tag })).status).toBe(412);
      expect((await admin.get(path)).body).toMatchObject({ ...first, version: 1 });
    },
  );

  it.each(['1', '"1', '"1" "2"', ',', '"1",', 'w/"1"'])(
    'is left alone if the condition is none: %s',
    async (tag) => {
      await create();
      const refused = await put(second, { 'if-match': tag });
      expect(refused.status).toBe(422);
      expect(pathsOf(refused)).toEqual(['if-match']);
    },
  );

  it('is deleted if it has the version', async () => {
    await create();
    expect((await admin.call('DELETE', path, undefined, { 'if-match': '"1"' })).status).toBe(204);
  });

  it('is changed once by ten who saw the same version', async () => {
    await create();
    const answers = await Promise.all(Array.from({ length: 10 }, () => put(second, { 'if-match': '"1"' })));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
  });

  it('is created once by ten who want it to be new', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, create));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 9 }, () => 412)]);
  });

  it('is changed by all who do not care which version it has', async () => {
    await create();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, nth) => put(nth % 2 ? first : second, { 'if-match': '*' })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('does not come to be by a change of what must be there', async () => {
    const { status } = await put(first, { 'if-match': '*' });
    expect(status).toBe(path.startsWith('/v1/rules') ? 404 : 412);
    expect((await admin.get(path)).status).toBe(404);
  });
});

it('a version is asked for when a rule is paused', async () => {
  await admin.call('POST', '/v1/rules', rule);
  const pause = (tag: string) => admin.call('POST', '/v1/rules/watch/pause', undefined, { 'if-match': tag });
  expect((await pause('"2"')).status).toBe(412);
  expect(await pause('"1"')).toMatchObject({ status: 200, body: { version: 2 } });
});

it('a version is asked for when the scorecards of a portfolio are replaced', async () => {
  await admin.call('PUT', '/v1/portfolios/vendors', {});
  const set = (tag: string) =>
    admin.call('PUT', '/v1/portfolios/vendors/scorecards', { scorecards: ['a'] }, { 'if-match': tag });
  expect((await set('"2"')).status).toBe(412);
  expect((await set('"1"')).status).toBe(204);
});
