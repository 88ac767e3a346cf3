import type { Day } from './day';
import { growthOf, type Growth, type Sample, type Tolerance } from './growth';

const MB = 1_048_576;

/** In bytes; the others are counts. */
const MEGABYTES = ['heap', 'external', 'rss', 'store', 'temporal'];

/** What figures vary by without a leak: pools of connections, the heap's own room, pages of a database. */
const TOLERANCES: Record<string, Tolerance> = {
  heap: { share: 0.1, absolute: 6 * MB },
  external: { share: 0.15, absolute: 4 * MB },
  rss: { share: 0.1, absolute: 40 * MB },
  timers: { share: 0.2, absolute: 15 },
  // A pool of connections has as many as there were calls at once a moment ago.
  sockets: { share: 0.3, absolute: 25 },
  files: { share: 0.2, absolute: 8 },
  rows: { share: 0.15, absolute: 200 },
  store: { share: 0.15, absolute: 2 * MB },
  executions: { share: 0.15, absolute: 100 },
  // Rows that are deleted leave room that is used again, but not at once.
  temporal: { share: 0.15, absolute: 8 * MB },
};

/** Whether a service has lived through its day as it should, and why that is said, as lines for people. */
export function verdictOf({ calls, errors, open, before, samples, after }: Day): {
  isWell: boolean;
  lines: string[];
} {
  const growths = growthOf(samples, TOLERANCES);
  const left = leftOver(before, after);
  return {
    isWell: errors.length + open + left.length === 0 && !growths.some(({ isLeak }) => isLeak),
    lines: [
      `${calls} calls; ${errors.length} errors; ${open} executions are open`,
      ...errors.slice(0, 5).map((error) => `  ${error}`),
      rowOf(['figure', 'level', 'growth', 'allowed']),
      ...growths.map(lineOf),
      ...left,
    ],
  };
}

/** What is still open once nothing is under way any more. */
function leftOver(before: Sample, after: Sample): string[] {
  return ['timers', 'sockets', 'files'].flatMap((figure) => {
    const [first = 0, last = NaN] = [before.figures[figure], after.figures[figure]];
    const { absolute = 0 } = TOLERANCES[figure] ?? {};
    return last - first <= absolute ? [] : [`${figure}: ${first} before the traffic, ${last} after it`];
  });
}

function lineOf({ figure, level, growth, allowed, isLeak }: Growth): string {
  const values = [level, growth, allowed].map((value) =>
    MEGABYTES.includes(figure) ? `${(value / MB).toFixed(1)} MB` : value.toFixed(0),
  );
  return `${rowOf([figure, ...values])}  ${isLeak ? 'GROWS' : 'flat'}`;
}

function rowOf([figure = '', ...values]: string[]): string {
  return [figure.padEnd(11), ...values.map((value) => value.padStart(11))].join(' ');
}
