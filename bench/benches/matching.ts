import type { PlainBench } from '../bench';
import { median, percentile, type Comparison } from '../comparison';
import type { IncomingEvent } from '../../src/rules/event';
import { match } from '../../src/rules/match';
import { GroupMembers } from '../../src/rules/matching/group-members';
import { RuleIndex } from '../../src/rules/rule-index';
import type { VersionedRule } from '../../src/rules/rulebook';
import {
  MATCHES,
  PORTFOLIOS,
  PORTFOLIOS_OF_SCORECARD,
  SCORECARD,
  customers,
  mixed,
  thresholds,
} from '../support/matching-rules';
import type { Scenario } from '../support/matching-rules';

const RULES = 100_000;
const WORKSPACE = 'bench';

/** How often each is timed; a fifth as often when it is quick. */
const INDEX_RUNS = 5_000;
const LINEAR_RUNS = 15;

/** Times single calls, after some that warm up. Microseconds. */
function timed(runs: number, call: () => unknown): number[] {
  for (let warm = 0; warm < runs / 5; warm += 1) call();
  return Array.from({ length: runs }, () => {
    const start = process.hrtime.bigint();
    call();
    return Number(process.hrtime.bigint() - start) / 1_000;
  });
}

function heapMegabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1_048_576;
}

const portfolios = Array.from({ length: PORTFOLIOS }, (_, n) => ({
  id: `portfolio-${n}`,
  name: null,
  scorecards: [`card-${n + 1}`, ...(PORTFOLIOS_OF_SCORECARD.includes(n) ? [SCORECARD.id] : [])],
}));

function loaded(rules: readonly VersionedRule[]): RuleIndex {
  const index = new RuleIndex();
  index.putScorecard(WORKSPACE, { ...SCORECARD, mine: true, followed: false });
  for (const each of portfolios) index.putPortfolio(WORKSPACE, each);
  for (const rule of rules) index.putRule(WORKSPACE, rule);
  return index;
}

const groups = new GroupMembers();
groups.putScorecard(SCORECARD.id, { domain: SCORECARD.domain, mine: true, followed: false });
for (const { id, name, scorecards } of portfolios) groups.putPortfolio(id, name, scorecards);

function linear(rules: readonly VersionedRule[], event: IncomingEvent): string[] {
  return rules.filter(({ rule }) => match(rule, event, groups).matches).map(({ rule: { id } }) => id);
}

/** @throws Error when the index finds other rules than a look at each does */
function measure(
  { name, rules, event }: Scenario,
  isQuick: boolean,
): { comparisons: Comparison[]; note: string } {
  const heapBefore = heapMegabytes();
  const start = performance.now();
  const index = loaded(rules);
  index.match(WORKSPACE, event);
  const loadMs = performance.now() - start;
  const heap = heapMegabytes() - heapBefore;
  const found = index.match(WORKSPACE, event).map(({ rule: { id } }) => id);
  const expected = linear(rules, event);
  if (found.length !== MATCHES || found.join() !== expected.join()) {
    throw new Error(`${name}: the index finds ${found.length} rules, a look at each ${expected.length}`);
  }
  const part = isQuick ? 5 : 1;
  const byIndex = timed(INDEX_RUNS / part, () => index.match(WORKSPACE, event));
  const byLook = timed(LINEAR_RUNS / part, () => linear(rules, event));
  const row = (what: string, of: (times: number[]) => number) => ({
    what: `${name}: ${what}`,
    unit: 'µs',
    ours: [of(byIndex)],
    theirs: [of(byLook)],
    target: { atMost: 0.01 },
  });
  return {
    comparisons: [row('median', median), row('p99', (times) => percentile(times, 0.99))],
    note: `${name}: loaded in ${loadMs.toFixed(0)} ms, the first event included; the index without its rules has ${heap.toFixed(1)} MB.`,
  };
}

const matches = ({ rule }: VersionedRule, event: IncomingEvent) => match(rule, event, groups).matches;
const scenarios = [() => mixed(RULES, matches), () => [thresholds(RULES)], () => [customers(RULES)]];

/** How long an event takes to find its 10 matches among 100,000 rules. */
export const matching: PlainBench = {
  about:
    'how long an event takes to find its 10 matches among 100,000 rules, by the index and by a look at each rule',
  run: async ({ isQuick }) => {
    // One scenario's rules at a time: each takes some hundred megabytes.
    const measured = scenarios.flatMap((make) => make().map((each) => measure(each, isQuick)));
    return [
      {
        title: `${RULES.toLocaleString('en')} rules, ${MATCHES} matches`,
        sides: ['index', 'a look at each'],
        comparisons: measured.flatMap(({ comparisons }) => comparisons),
        notes: measured.map(({ note }) => note),
      },
    ];
  },
};
