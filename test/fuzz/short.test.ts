import { runFuzz } from './fuzz';
import { openParsers } from './parsers';
import { openUrlGuard } from './url-guard';

/** As many as fit into a few seconds; `npm run fuzz` tries them for as long as it is told. */
const RUNS = 20;

/** The same every time in CI, because a verdict belongs to a commit. */
const seed = process.env['CI'] ? 20261126 : Date.now() % 2 ** 31;

it.each([
  ['parser', openParsers],
  ['form of URL', openUrlGuard],
])('a short fuzz of each %s finds nothing', async (_what, open) => {
  const target = await open();
  try {
    for (const each of target.fuzzes) {
      const { defect } = await runFuzz(each, { seed, ms: 1_000, runs: RUNS });
      expect([each.name, defect]).toEqual([each.name, undefined]);
    }
  } finally {
    await target.close?.();
  }
});
