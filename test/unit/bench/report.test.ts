import { meetsTarget, median, percentile, ratioOf, type Comparison } from '../../../bench/comparison';
import { markdownOf, type BenchReport } from '../../../bench/report';

/** Ratios 0.5, 4 and 1; the ratio of the medians would be 2. */
const pairs: Comparison = { what: 'starts', unit: '/s', ours: [10, 40, 20], theirs: [20, 10, 20] };

function report(comparisons: Comparison[]): BenchReport {
  return {
    bench: 'example',
    about: 'one against the other',
    server: 'embedded server',
    quick: false,
    startedAt: '2026-01-02T03:04:05.000Z',
    seconds: 12.3,
    machine: { processors: '2 × CPU', memoryGb: 8, system: 'Linux 6', node: '20.3.0' },
    tables: [{ title: 'Under load', sides: ['product', 'floor'], comparisons, notes: ['A note.'] }],
  };
}

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test.each([
  [0.5, 5],
  [0.9, 9],
  [0.99, 10],
])('of ten values, the part %d is below the %d th', (part, expected) => {
  expect(percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], part)).toBe(expected);
});

test('a ratio is the median of the ratios of the pairs, with their spread', () => {
  expect(ratioOf(pairs)).toEqual({ median: 1, min: 0.5, max: 4 });
});

test('values without partners have no ratio', () => {
  expect(() => ratioOf({ what: 'starts', ours: [1, 2], theirs: [1] })).toThrow('starts: these are no pairs');
});

test.each([
  [{ atLeast: 0.9 }, true],
  [{ atLeast: 1.1 }, false],
  [{ atMost: 1 }, true],
  [{ atMost: 0.9 }, false],
])('a ratio of 1 against the target %j: %s', (target, expected) => {
  expect(meetsTarget({ ...pairs, target })).toBe(expected);
});

test('a report is a Markdown table with medians, ratio, spread and target', () => {
  const missed: Comparison = { ...pairs, target: { atLeast: 1.1 } };
  const once: Comparison = { what: 'size', unit: '', ours: [1234.5], theirs: [30000] };
  expect(markdownOf(report([missed, once]))).toBe(`## example (embedded server)

Compared: one against the other. 2 × CPU, 8 GB, Linux 6, Node 20.3.0; 2026-01-02, 12 s.

**Under load**

|  | product | floor | ratio | spread | target |
| --- | --: | --: | --: | --- | --- |
| starts | 20 /s | 20 /s | 1 | 0.50 to 4, 3 pairs | at least 1.1: **missed** |
| size | 1,235 | 30,000 | 0.041 | once |  |

A note.`);
});
