import { mergeRulebooks } from '../../src/cli/rulebook-files';

const rule = (id: string) => ({ id, steps: [] });

describe('several files', () => {
  const merged = mergeRulebooks([
    {
      file: 'a.yaml',
      source: { rules: [rule('a1'), rule('a2')], scorecards: { mine: ['x'] }, issue_types: { csp: 'low' } },
    },
    { file: 'b.yaml', source: rule('b1') },
    {
      file: 'c.yaml',
      source: {
        rules: [rule('c1')],
        scorecards: { mine: ['y'], followed: ['z'] },
        portfolios: [{ id: 'p' }],
      },
    },
  ]);

  it('become one document', () => {
    expect(merged.document).toEqual({
      rules: [rule('a1'), rule('a2'), rule('b1'), rule('c1')],
      scorecards: { mine: ['x', 'y'], followed: ['z'] },
      portfolios: [{ id: 'p' }],
      issue_types: { csp: 'low' },
    });
  });

  it.each([
    ['rules[1].steps[0].url', 'a.yaml: rules[1].steps[0].url'],
    ['rules[2].steps[0].url', 'b.yaml: steps[0].url'],
    ['rules[2]', 'b.yaml'],
    ['rules[3].id', 'c.yaml: rules[0].id'],
    ['scorecards.mine[1]', 'c.yaml: scorecards.mine[0]'],
    ['portfolios[0].name', 'c.yaml: portfolios[0].name'],
    ['issue_types.csp', 'a.yaml: issue_types.csp'],
    ['something', 'a.yaml, b.yaml, c.yaml: something'],
  ])('are named by the place of a problem: %s', (path, place) => {
    expect(merged.locate(path)).toBe(place);
  });
});

it.each<[string, unknown, string]>([
  ['a text', 'hello', 'x.yaml: must be a rule, or a document with "rules"'],
  ['nothing', null, 'x.yaml: must be a rule, or a document with "rules"'],
  ['an unknown key', { rules: [], rulez: [] }, 'x.yaml: rulez: is not a known key'],
  ['rules that are no list', { rules: {} }, 'x.yaml: rules: must be a list'],
  [
    'scorecards that are no object',
    { rules: [], scorecards: ['a'] },
    'x.yaml: scorecards: must be an object',
  ],
  ['an unknown group', { scorecards: { ours: [] } }, 'x.yaml: scorecards.ours: is not a known key'],
])('%s is refused', (_what, source, message) => {
  expect(() => mergeRulebooks([{ file: 'x.yaml', source }])).toThrow(message);
});
