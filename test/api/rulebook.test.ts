import { stringify } from 'yaml';
import { rulebookDocument } from '../support/rules-file';
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

const urls = ['https://example.com/hook'];
const rulebook = {
  ...rulebookDocument({ id: 'one', urls }, { id: 'two', urls }),
  portfolios: [{ id: 'vendors', scorecards: ['vendor.example'] }],
};

function putYaml(text: string, query = '', type = 'application/yaml') {
  return admin.call('PUT', `/v1/rules${query}`, text, { 'content-type': type });
}

it('creates what is new', async () => {
  const applied = await admin.call('PUT', '/v1/rules', rulebook);
  expect(applied).toMatchObject({
    status: 200,
    body: {
      dry_run: false,
      rules: [
        { id: 'one', outcome: 'created', version: 1 },
        { id: 'two', outcome: 'created', version: 1 },
      ],
      portfolios: [{ id: 'vendors', outcome: 'created' }],
    },
  });
  expect((await admin.get('/v1/rules')).body['items']).toHaveLength(2);
});

it('updates what differs, leaves the rest alone and deletes nothing', async () => {
  await admin.call('PUT', '/v1/rules', rulebook);
  const changed = rulebookDocument({ id: 'one', urls: ['https://example.com/other'] });
  const applied = await admin.call('PUT', '/v1/rules', changed);
  expect(applied.body['rules']).toEqual([{ id: 'one', outcome: 'updated', version: 2 }]);
  expect((await admin.get('/v1/rules/two')).status).toBe(200);
});

it('takes rules as a list of them was answered', async () => {
  await admin.call('PUT', '/v1/rules', rulebook);
  const { body } = await admin.get('/v1/rules');
  const applied = await admin.call('PUT', '/v1/rules', { rules: body['items'] });
  expect(applied.body['rules']).toMatchObject([{ outcome: 'unchanged' }, { outcome: 'unchanged' }]);
});

it.each(['application/yaml', 'text/yaml', 'application/x-yaml', 'application/yaml; charset=utf-8'])(
  'takes %s',
  async (type) => {
    expect(await putYaml(stringify(rulebook), '', type)).toMatchObject({
      status: 200,
      body: { rules: [{ outcome: 'created' }, { outcome: 'created' }] },
    });
  },
);

it('tells what a dry run would change, and changes nothing', async () => {
  const told = await putYaml(stringify(rulebook), '?dry_run=true');
  expect(told.body).toMatchObject({ dry_run: true, rules: [{ outcome: 'created' }, { outcome: 'created' }] });
  expect((await admin.get('/v1/rules')).body['items']).toEqual([]);
  expect((await admin.get('/v1/portfolios')).body['items']).toEqual([]);
});

it('applies nothing of a document of which a part is wrong, and says where', async () => {
  const [one, two] = rulebook.rules;
  const refused = await putYaml(stringify({ rules: [one, { ...two, owner: { email: 'nobody' } }] }));
  expect(refused.status).toBe(422);
  expect(pathsOf(refused)).toEqual(['rules[1].owner.email']);
  expect((await admin.get('/v1/rules')).body['items']).toEqual([]);
});

it('names the rule whose portfolio is not there', async () => {
  const [one] = rulebook.rules;
  const filters = { ...one?.filters, scorecards: { value: 'in_portfolio', portfolio_id: 'none' } };
  const refused = await admin.call('PUT', '/v1/rules', { rules: [{ ...one, filters }] });
  expect(refused.status).toBe(422);
  expect(pathsOf(refused)).toEqual(['rules[0].filters.scorecards.portfolio_id']);
});

describe('YAML that is none', () => {
  it.each([
    ['a list that does not end', 'rules: ['],
    ['a key that is there twice', 'rules: []\nrules: []'],
    [
      'aliases that multiply',
      `a: &a [1]\n${'b: [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n'.replace(/b/g, 'b')}${Array.from({ length: 10 }, (_, n) => `c${n}: [*a,*a,*a,*a,*a,*a]`).join('\n')}`,
    ],
    ['a prototype', '__proto__: {rules: []}'],
    ['a constructor', 'constructor: {prototype: {rules: []}}'],
  ])('is refused: %s', async (_name, text) => {
    expect((await putYaml(text)).status).toBe(400);
  });
});

it('is not read as YAML elsewhere', async () => {
  const refused = await admin.call('POST', '/v1/rules', 'id: one', { 'content-type': 'application/yaml' });
  expect(refused.status).toBe(415);
});

it('may be larger than other bodies, up to 1 MB', async () => {
  const comment = (bytes: number) => `${stringify(rulebook)}# ${'x'.repeat(bytes)}\n`;
  expect((await putYaml(comment(500_000))).status).toBe(200);
  expect((await putYaml(comment(1_048_576))).status).toBe(413);
});
