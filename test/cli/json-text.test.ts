import fc from 'fast-check';
import { prettyJson } from '../../src/cli/json-text';

it('lays out as JSON.stringify does', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(prettyJson(text)).toBe(JSON.stringify(JSON.parse(text), undefined, 2));
    }),
    // Numbers are the difference: these are written in the shortest form already, but for negative zero.
    { examples: [['{"a":[],"b":{},"c":[1,{"d":"}]\\",:"}]}']] },
  );
});

it('keeps numbers as they were written', () => {
  expect(prettyJson('[9223372036854775807,1.0,-0,1E400]')).toBe(
    '[\n  9223372036854775807,\n  1.0,\n  -0,\n  1E400\n]',
  );
});

it('keeps both of two equal keys', () => {
  expect(prettyJson('{"a":1,"a":2}')).toBe('{\n  "a": 1,\n  "a": 2\n}');
});

it('answers undefined to what is no JSON', () => {
  expect(prettyJson('{a: 1}')).toBeUndefined();
});
