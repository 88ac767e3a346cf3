import { samplesOf } from '../../../src/dashboard/pages/events/samples';
import { sampleOf } from '../../../src/dashboard/pages/events/schema-sample';

describe('a sample of what a JSON Schema describes', () => {
  test.each([
    ['an example before anything else', { type: 'string', examples: ['EUR'] }, 'EUR'],
    ['the first of what may be', { enum: ['USD', 'EUR'] }, 'USD'],
    ['a constant', { const: false }, false],
    ['the least number', { type: 'number', minimum: 5 }, 5],
    ['more than what is excluded', { type: 'integer', exclusiveMinimum: 5 }, 6],
    ['a list of one', { type: 'array', items: { type: 'boolean' } }, [true]],
    ['the first alternative', { anyOf: [{ type: 'boolean' }, { type: 'string' }] }, true],
    ['the first of several types', { type: ['integer', 'null'] }, 1],
    ['a form of text', { type: 'string', format: 'email' }, 'ada@example.com'],
    [
      'properties, and what is required besides',
      { properties: { a: { type: 'integer' } }, required: ['b'] },
      { a: 1, b: null },
    ],
    ['nothing, where nothing is said', {}, null],
  ])('%s', (_, schema, sample) => {
    expect(sampleOf(schema)).toEqual(sample);
  });

  test('a schema that goes on without end has a sample that ends', () => {
    const schema: Record<string, unknown> = { type: 'object' };
    schema['properties'] = { self: schema };
    expect(JSON.stringify(sampleOf(schema))).toContain('null');
  });

  test('the data of an event is an object, whatever its schema leaves open', () => {
    expect(samplesOf([{ name: 'a.b', schema: null }]).at(-1)).toEqual({
      name: 'a.b',
      event: { type: 'a.b', data: {} },
    });
  });
});
