import { z } from 'zod';
import { problemsOf } from '../../../src/rules/problems';

function problems(schema: z.ZodType, value: unknown) {
  const { error } = schema.safeParse(value);
  return error === undefined ? [] : problemsOf(error);
}

describe('problems', () => {
  it('are none for a valid value', () => {
    expect(problems(z.string(), 'x')).toEqual([]);
  });

  it('have an empty path when they are about the whole value', () => {
    expect(problems(z.strictObject({}), null)).toEqual([
      { path: '', message: 'Invalid input: expected object, received null' },
    ]);
  });

  it('have their path in the form that people read', () => {
    const schema = z.object({ steps: z.array(z.record(z.string(), z.number())) });
    expect(problems(schema, { steps: [{}, { 'a "b"\n': 'x', 'a-b': 'y' }] }).map(({ path }) => path)).toEqual(
      ['steps[1]["a \\"b\\"\\n"]', 'steps[1].a-b'],
    );
  });

  it('are one for each unknown key', () => {
    expect(problems(z.object({ owner: z.strictObject({}) }), { owner: { a: 1, b: 2 } })).toEqual([
      { path: 'owner.a', message: 'is not a known key' },
      { path: 'owner.b', message: 'is not a known key' },
    ]);
  });
});
