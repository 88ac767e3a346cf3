/**
 * How long an event takes to find its 10 matches among 100,000 rules: by the index, and by a look at every rule, in one
 * run. `npm run bench:matching`; ends with 1 when the index finds other rules than the look does, or takes a millisecond.
 */
import type { IncomingEvent } from '../src/rules/event';
import { match } from '../src/rules/match';
import { GroupMembers } from '../src/rules/matching/group-members';
import { RuleIndex } from '../src/rules/rule-index';
import type { VersionedRule } from '../src/rules/rulebook';
import {
  MATCHES,
  PORTFOLIOS,
  PORTFOLIOS_OF_SCORECARD,
  SCORECARD,
  customers,
  mixed,
  thresholds,
} from './matching-rules';
import type { Scenario } from './matching-rules';

const RULES = 100_000;
const WORKSPACE = 'bench';

/** How often each is timed. */
const INDEX_RUNS = 5_000;
const LINEAR_RUNS = 15;

/** Microseconds. */
const TARGET = 1_000;

interface Timing {
  median: number;
  p99: number;
}

/** Times single calls, after some that warm up. Microseconds. */
function timed(runs: number, call: () => unknown): Timing {
  for (let warm = 0; warm < runs / 5; warm += 1) call();
  const times = Array.from({ length: runs }, () => {
    const start = process.hrtime.bigint();
    call();
    return Number(process.hrtime.bigint() - start) / 1_000;
  }).sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(runs - 1, Math.floor(runs * share))] ?? NaN;
  return { median: at(0.5), p99: at(0.99) };
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

/** @returns whether it is as it should be */
function measure({ name, rules, event }: Scenario): boolean {
  const heapBefore = heapMegabytes();
  const start = performance.now();
  const index = loaded(rules);
  index.match(WORKSPACE, event);
  const loadMs = performance.now() - start;
  const heap = heapMegabytes() - heapBefore;
  const found = index.match(WORKSPACE, event).map(({ rule: { id } }) => id);
  const expected = linear(rules, event);
  const byIndex = timed(INDEX_RUNS, () => index.match(WORKSPACE, event));
  const byLook = timed(LINEAR_RUNS, () => linear(rules, event));
  const isSame = found.length === MATCHES && found.join() === expected.join();
  const us = ({ median, p99 }: Timing) => `median ${median.toFixed(1)} µs, p99 ${p99.toFixed(1)} µs`;
  process.stdout.write(
    [
      `${name}: ${rules.length} rules, ${found.length} matches${isSame ? '' : ` (a look at each finds ${expected.length})`}`,
      `  index   ${us(byIndex)}`,
      `  linear  ${us(byLook)}`,
      `  ratio   ${Math.round(byLook.median / byIndex.median)}`,
      `  load    ${loadMs.toFixed(0)} ms, the first event included; index without its rules ${heap.toFixed(1)} MB`,
      '',
    ].join('\n'),
  );
  return isSame && byIndex.median < TARGET;
}

const matches = ({ rule }: VersionedRule, event: IncomingEvent) => match(rule, event, groups).matches;
const scenarios = [() => mixed(RULES, matches), () => [thresholds(RULES)], () => [customers(RULES)]];
const isGood = scenarios.flatMap((make) => make().map(measure));
process.exitCode = isGood.every(Boolean) ? 0 : 1;
