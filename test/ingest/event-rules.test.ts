import { rulesOfEvent, type EventRulePosition } from '../../src/ingest/event-rules';
import { RuleIndex } from '../../src/rules/rule-index';
import { openStore } from '../../src/store/open-store';
import type { EventMatch, StoredEvent } from '../../src/store/event-store';
import type { Store } from '../../src/store/store';
import { temporaryFolder } from '../support/temporary-folder';
import { ruleWith } from '../unit/rules/builders';

const EVENT = { id: 'e', type: 'invoice.paid', data: {} };

/** So many that no page looks through all of them, and no two pages either. */
const MATCHED = 2_500;

/** Each has four digits, so that ids are in the order of numbers. */
const idOf = (n: number) => `rule-${String(n).padStart(4, '0')}`;

const match = (n: number): EventMatch => ({
  ruleId: idOf(n),
  ruleVersion: 1,
  executionId: `execution-${n}`,
  reason: 'it came',
  trigger: { type: 'invoice.paid', data: {} },
});

let store: Store;
let index: RuleIndex;
let stored: StoredEvent;
/** The last rule is the only one that did not match; every third of the others was deleted since. */
beforeAll(async () => {
  store = await openStore({ dataFolder: temporaryFolder() });
  const matches = Array.from({ length: MATCHED }, (_, n) => match(n));
  ({ stored } = await store.events.register('default', { id: 'e', hash: 'a', event: EVENT }, matches));
  index = new RuleIndex();
  for (let n = 0; n <= MATCHED; n += 1) {
    const rule = ruleWith({ id: idOf(n), filters: undefined, event: { type: 'invoice.paid' } });
    if (n === MATCHED || n % 3 !== 0) index.putRule('default', { rule, version: '1' });
  }
});
afterAll(() => store.close());

async function pages(limit: number, matched?: boolean): Promise<string[][]> {
  const all: string[][] = [];
  let from: EventRulePosition | undefined;
  do {
    const deps = { store, index: async () => index };
    const page = await rulesOfEvent(deps, 'default', stored, { limit, from, matched });
    all.push(page.rules.map(({ ruleId }) => ruleId));
    from = page.next;
  } while (from !== undefined);
  return all;
}

const everyId = Array.from({ length: MATCHED + 1 }, (_, n) => idOf(n));

it('pages have each rule once and in order, whether it matched or not, is there or was deleted', async () => {
  expect((await pages(170)).flat()).toEqual(everyId);
});

it('pages of those that matched have each once', async () => {
  const found = await pages(200, true);
  expect(found.flat()).toEqual(everyId.slice(0, -1));
  expect(found.slice(0, -1).every((page) => page.length === 200)).toBe(true);
});

it('a page of those that did not match ends after a limited number of those that did', async () => {
  const found = await pages(50, false);
  expect(found.flat()).toEqual([idOf(MATCHED)]);
  expect(found.length).toBeGreaterThan(2);
});

it('a full last page is not followed by an empty one', async () => {
  expect((await pages(MATCHED, true)).length).toBe(1);
});
