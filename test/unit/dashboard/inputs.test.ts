import { limitsOf, textsOf } from '../../../src/dashboard/pages/destination/limits';
import { fromLocalInput, toLocalInput } from '../../../src/dashboard/pages/destination/local-input';
import { idsIn } from '../../../src/dashboard/pages/portfolio/ids-in';
import { parseJson } from '../../../src/dashboard/ui/json-input';

test('limits survive being shown in inputs; none is an empty input', () => {
  const limits = { max_concurrent: 5, requests_per_second: 0.5, burst: null };
  expect(limitsOf(textsOf(limits))).toEqual(limits);
});

test('a moment survives being shown in the reader’s zone, to the minute', () => {
  expect(fromLocalInput(toLocalInput(new Date('2026-07-10T12:34:00.000Z')))).toBe('2026-07-10T12:34:00.000Z');
});

test('an empty input is no moment', () => {
  expect(fromLocalInput('')).toBeUndefined();
});

test('ids stand on lines, each once', () => {
  expect(idsIn(' a \r\n\nb\na')).toEqual(['a', 'b']);
});

test('text that is no JSON is told from JSON', () => {
  expect(parseJson('{')).toEqual({ problem: expect.stringMatching(/^This is not valid JSON: /) as string });
});

test('JSON that says null is JSON', () => {
  expect(parseJson('null')).toEqual({ value: null });
});
