import { ruleDocument, rulebookDocument } from '../support/rules-file';
import { ApiLab, pathsOf, type CheckedCaller } from './lab';

let lab: ApiLab;
let admin: CheckedCaller;
beforeAll(async () => {
  const zone: Record<string, string[]> = { 'inside.test': ['10.0.0.1'], 'hooks.test': ['93.184.216.34'] };
  lab = await ApiLab.open(undefined, { egress: { resolve: async (name) => zone[name] ?? [] } });
});
beforeEach(async () => {
  admin = await lab.workspace();
});
afterAll(() => lab.close());

const inside = 'https://inside.test/hook';
const honest = 'https://hooks.test/hook';

it('a rule that would call what is not public is not created, and its author told why', async () => {
  const refused = await admin.call('POST', '/v1/rules', ruleDocument({ urls: [honest, inside] }));
  expect(refused).toMatchObject({
    status: 422,
    body: {
      errors: [
        {
          path: 'steps[1].url',
          message: 'calls to inside.test are not allowed: its address is not public (private)',
        },
      ],
    },
  });
  expect((await admin.get('/v1/rules/watch')).status).toBe(404);
});

it('each URL that would not be called is told', async () => {
  const urls = [
    'https://inside.test:22/',
    honest,
    'http://hooks.test/',
    'https://0x5db8d822/',
    'https://a..b/',
  ];
  const refused = await admin.call('POST', '/v1/rules', ruleDocument({ urls }));
  expect(pathsOf(refused)).toEqual(['steps[0].url', 'steps[2].url', 'steps[3].url', 'steps[4].url']);
});

it('a rule does not become one by an edit', async () => {
  await admin.call('POST', '/v1/rules', ruleDocument({ urls: [honest] }));
  const refused = await admin.call('PUT', '/v1/rules/watch', ruleDocument({ urls: [inside] }));
  expect(refused.status).toBe(422);
  expect(pathsOf(refused)).toEqual(['steps[0].url']);
  expect((await admin.get('/v1/rules/watch')).body['version']).toBe(1);
});

it('a rule is not put in its place either', async () => {
  const document = ruleDocument({ urls: [inside] });
  const refused = await admin.call('PUT', '/v1/rules/watch', document, { 'if-none-match': '*' });
  expect(refused.status).toBe(422);
});

it.each(['', '?dry_run=true'])(
  'a rulebook with one is refused as a whole: PUT /v1/rules%s',
  async (query) => {
    const document = rulebookDocument({ id: 'one', urls: [honest] }, { id: 'two', urls: [honest, inside] });
    const refused = await admin.call('PUT', `/v1/rules${query}`, document);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(['rules[1].steps[1].url']);
    expect((await admin.get('/v1/rules')).body['items']).toEqual([]);
  },
);

it('a host that is not known yet may be saved: it is looked at again at each attempt', async () => {
  const created = await admin.call('POST', '/v1/rules', ruleDocument({ urls: ['https://soon.test/'] }));
  expect(created.status).toBe(201);
});
