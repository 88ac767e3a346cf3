import { eventSchema } from '../../src/rules/event';
import { validateRulebookDocument } from '../../src/rules/rulebook-document';
import { createLiveRuleIndex, type LiveRuleIndex } from '../../src/store/live-rule-index';
import { openStore } from '../../src/store/open-store';
import type { Store } from '../../src/store/store';
import { sampleEvent } from '../support/events';
import { temporaryFolder } from '../support/temporary-folder';

/**
 * 20,000 rules: for each scorecard in a portfolio of its own, one for each threshold of 1 to 100. How long it takes among
 * 100,000, `npm run bench -- matching` says.
 */
const SCORECARDS = 200;
const THRESHOLDS = 100;
/** Scorecards whose rules are applied in one transaction. */
const PART = 50;
const CHANGE = { workspace: 'default', actor: 'test' };

function rule(scorecard: number, threshold: number) {
  return {
    id: `below-${threshold}-${scorecard}`,
    name: `Below ${threshold}`,
    owner: { email: 'ada@example.com' },
    filters: {
      changes: { value: 'score_drop_threshold', threshold },
      scorecards: { value: 'in_portfolio', portfolio_id: `portfolio-${scorecard}` },
    },
    steps: [{ action: 'call_webhook', url: 'https://example.com/hook' }],
  };
}

function partFrom(first: number) {
  const scorecards = Array.from({ length: PART }, (_, nth) => first + nth);
  return {
    portfolios: scorecards.map((nth) => ({ id: `portfolio-${nth}`, scorecards: [`company-${nth}.example`] })),
    rules: scorecards.flatMap((nth) =>
      Array.from({ length: THRESHOLDS }, (_, below) => rule(nth, below + 1)),
    ),
  };
}

describe('among 20,000 rules of a store', () => {
  let store: Store;
  let live: LiveRuleIndex;
  const event = eventSchema.parse(
    sampleEvent({ domain: 'company-7.example', previous: { score: 90 }, current: { score: 80 } }),
  );
  const matching = async () =>
    (await live.current()).match('default', event).map((matched) => matched.rule.id);

  beforeAll(async () => {
    store = await openStore({ dataFolder: temporaryFolder() });
    for (let first = 0; first < SCORECARDS; first += PART) {
      await store.apply(CHANGE, validateRulebookDocument(partFrom(first)).document, { dryRun: false });
    }
    live = createLiveRuleIndex(store.feed, { pollMs: 500 });
    await live.ready;
  }, 300_000);
  afterAll(async () => {
    live.close();
    await store.close();
  });

  it('an event finds the ten that it matches', async () => {
    const expected = Array.from({ length: 10 }, (_, nth) => `below-${81 + nth}-7`);
    expect(await matching()).toEqual(expected);
  });

  it('an edit of one of them is in force for the next event', async () => {
    await store.rules.replace(CHANGE, 'below-85-7', {
      ...rule(7, 85),
      filters: { ...rule(7, 85).filters, changes: { value: 'score_drop_threshold', threshold: 1 } },
    });
    expect(await matching()).not.toContain('below-85-7');
  });
});
