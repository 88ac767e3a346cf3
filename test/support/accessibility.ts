import { readFileSync } from 'node:fs';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2 AA, and what axe thinks is good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe-core finds on a page: each rule that is broken, and where. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Evaluated by the debugger's protocol, which the page's Content-Security-Policy does not concern.
  await page.evaluate(AXE);
  const results = (await page.evaluate(
    (options) => (globalThis as unknown as { axe: { run(options: object): unknown } }).axe.run(options),
    { runOnly: { type: 'tag', values: TAGS } } satisfies RunOptions,
  )) as AxeResults;
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help} at ${target.join(' ')}`),
  );
}
