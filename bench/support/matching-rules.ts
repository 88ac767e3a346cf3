import { customEventSchema } from '../../src/rules/custom-event';
import { eventSchema } from '../../src/rules/event';
import type { IncomingEvent } from '../../src/rules/event';
import { ruleSchema } from '../../src/rules/rule';
import type { VersionedRule } from '../../src/rules/rulebook';
import { FACTORS, SEVERITIES } from '../../src/rules/scale';

/** Rules and an event, made the same in each run. */
export interface Scenario {
  name: string;
  rules: VersionedRule[];
  event: IncomingEvent;
}

export const MATCHES = 10;
export const PORTFOLIOS = 1_000;
const CUSTOMERS = 20_000;

/** The scorecard of every event: mine, and in three of the portfolios. */
export const SCORECARD = { id: 'card-0', domain: 'card-0.example' };
export const PORTFOLIOS_OF_SCORECARD = [0, 1, 2];

/** Numbers that look random and are the same each time (a linear congruential generator). 0 to below `below`. */
function numbers() {
  let state = 1;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

function ruleOf(id: number, what: Record<string, unknown>): VersionedRule {
  const rule = ruleSchema.parse({
    id: `rule-${String(id).padStart(6, '0')}`,
    name: `Rule ${id}`,
    owner: { email: 'owner@example.com' },
    steps: [{ action: 'call_webhook', url: `https://hooks.example.com/${id}` }],
    ...what,
  });
  return { rule, version: '1' };
}

const scorecardEvent = eventSchema.parse({
  type: 'scorecard.changed',
  scorecard_id: SCORECARD.id,
  domain: SCORECARD.domain,
  previous: { score: 80.0005, factors: { dns_health: 91, network_security: 75 } },
  current: { score: 79.9905, factors: { dns_health: 89, network_security: 74 } },
});
const orderEvent = customEventSchema.parse({
  type: 'order.paid',
  data: { customer: 'customer-0', region: 'eu', amount: 120, lines: [{ sku: 'x' }] },
});

/** Rules of all kinds and for all groups; of those that the event would match, `MATCHES` are let in. */
export function mixed(
  count: number,
  matches: (rule: VersionedRule, event: IncomingEvent) => boolean,
): Scenario[] {
  const random = numbers();
  const pick = <Item>(items: readonly [Item, ...Item[]]) => items[random(items.length)] ?? items[0];
  const group = () => {
    const portfolio = { value: 'in_portfolio', portfolio_id: `portfolio-${random(PORTFOLIOS)}` };
    return pick([
      { value: 'my_scorecard' },
      { value: 'followed' },
      ...Array.from({ length: 18 }, () => portfolio),
    ]);
  };
  const factor = () => pick(['any', ...FACTORS]);
  const threshold = () => 1 + random(9_900) / 100;
  const changes = () =>
    pick([
      () => ({ value: 'grade_drop', grade: pick(['any', 'B', 'C', 'D', 'F']) }),
      () => ({ value: 'grade_raise', grade: pick(['any', 'A', 'B', 'C', 'D']) }),
      () => ({ value: 'factor_grade_drop', factor: factor(), grade: pick(['any', 'B', 'C', 'D', 'F']) }),
      () => ({ value: 'factor_grade_raise', factor: factor(), grade: pick(['any', 'A', 'B', 'C', 'D']) }),
      () => ({ value: 'score_drop_threshold', threshold: threshold() }),
      () => ({ value: 'score_rise_threshold', threshold: threshold() }),
      () => ({ value: 'factor_score_drop_threshold', factor: factor(), threshold: threshold() }),
      () => ({ value: 'factor_score_rise_threshold', factor: factor(), threshold: threshold() }),
      () => ({ value: 'new_issues', selected: 'any' }),
      () => ({ value: 'new_issues', selected: 'by_severity', severity: pick([...SEVERITIES]) }),
      () => ({ value: 'new_issues', selected: 'by_type', types: [`issue_${random(200)}`] }),
      () => ({ value: 'breach_reported' }),
    ])();
  const event = () => ({
    type: pick([
      'order.paid',
      'order.*',
      '*.paid',
      'order.refunded',
      `invoice.type-${random(50)}`,
      'invoice.*',
    ]),
    filter: {
      region: pick(['eu', 'us']),
      customer: `customer-${random(CUSTOMERS)}`,
      amount: { $gt: random(200) },
    },
  });
  const rules: VersionedRule[] = [];
  const found = new Map<IncomingEvent, number>([scorecardEvent, orderEvent].map((each) => [each, 0]));
  while (rules.length < count) {
    const isWanted = rules.length % (count / MATCHES) === 0;
    const usual =
      random(10) < 7 ? { filters: { changes: changes(), scorecards: group() } } : { event: event() };
    const wanted = { event: { type: 'order.*', filter: { region: 'eu', customer: 'customer-0' } } };
    const what = isWanted ? wanted : usual;
    const rule = ruleOf(rules.length, what);
    const fired = [...found.keys()].find((each) => matches(rule, each));
    if (fired !== undefined) {
      const sofar = found.get(fired) ?? 0;
      if (sofar === MATCHES) continue;
      found.set(fired, sofar + 1);
    }
    rules.push(rule);
  }
  return [
    { name: 'all kinds of rules, an event of a scorecard', rules, event: scorecardEvent },
    { name: "all kinds of rules, a sender's own event", rules, event: orderEvent },
  ];
}

/** Every rule in one group and of one kind; each has a threshold of its own. */
export function thresholds(count: number): Scenario {
  return {
    name: 'one group and kind, other thresholds',
    rules: Array.from({ length: count }, (_, n) =>
      ruleOf(n, {
        filters: {
          changes: { value: 'score_drop_threshold', threshold: (n + 1) / 1_000 },
          scorecards: { value: 'my_scorecard' },
        },
      }),
    ),
    event: scorecardEvent,
  };
}

/** Every rule for one type of event; ten for each customer. */
export function customers(count: number): Scenario {
  return {
    name: 'one type of event, other customers',
    rules: Array.from({ length: count }, (_, n) =>
      ruleOf(n, {
        event: {
          type: 'order.paid',
          filter: { region: 'eu', customer: `customer-${Math.floor(n / MATCHES)}`, amount: { $gte: 100 } },
        },
      }),
    ),
    event: orderEvent,
  };
}
