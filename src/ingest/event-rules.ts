import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RuleIndex } from '../rules/rule-index';
import type { EventMatch, StoredEvent } from '../store/event-store';
import type { Store } from '../store/store';

/** Matches that one page looks through for rules between them that did not match. */
const MATCHES_LOOKED_THROUGH = 1_000;

/** What a rule has to do with an event. */
export interface EventRule {
  ruleId: string;
  /** Undefined: it was deleted since. */
  name: string | undefined;
  /** Undefined: it did not match when the event came. */
  match: EventMatch | undefined;
  /** Why it matched, or why not. */
  reason: string;
  /** Whether the rule as it is now would match. Undefined: it was deleted since. */
  now: { matches: boolean; reason: string } | undefined;
}

/** Where a page begins: after a rule, and this many matches on. */
export interface EventRulePosition {
  after: string;
  offset: number;
}

interface Found {
  ruleId: string;
  match: EventMatch | undefined;
}

/**
 * One page of the rules that an event matched when it came, and of those of today that it did not, in the order of their
 * ids. Of rules that did not match and were deleted since nothing is known. A page before the last may have fewer than `limit`
 * of `matched: false`, even none: it looks through a limited number of matches.
 *
 * @throws StoreAwayError
 */
export async function rulesOfEvent(
  { store, index }: { store: Pick<Store, 'events' | 'rules'>; index: () => Promise<RuleIndex> },
  workspace: string,
  stored: StoredEvent,
  page: { limit: number; from: EventRulePosition | undefined; matched?: boolean | undefined },
): Promise<{ rules: EventRule[]; next: EventRulePosition | undefined }> {
  const rulesNow = await index();
  const { limit, matched, from = { after: '', offset: 0 } } = page;
  const most = limit + 1 + (matched === false ? MATCHES_LOOKED_THROUGH : 0);
  const matches = await store.events.matches(workspace, stored.id, { offset: from.offset, limit: most });
  const present = matched === true ? [] : rulesNow.idsAfter(workspace, from.after, most);
  const { found, next } = merge(matches, present, { limit, from, most, unmatchedOnly: matched === false });
  const stamps = await stampsOf(store, workspace, rulesNow, found);
  const rules: EventRule[] = [];
  for (const { ruleId, match } of found) {
    const explained = rulesNow.explain(workspace, ruleId, stored.event);
    const now = explained && { matches: explained.matches, reason: explained.reason };
    const name = rulesNow.get(workspace, ruleId)?.rule.name;
    const reason = match?.reason ?? whyNot(stored, stamps.get(ruleId), now);
    rules.push({ ruleId, name, match, reason, now });
    // A filter may take a tenth of a second.
    await nextTurn();
  }
  return { rules, next };
}

/** Goes through both in the order of ids. Of each there are `most` at most: what would follow on a full one is not known. */
function merge(
  matches: readonly EventMatch[],
  present: readonly string[],
  options: { limit: number; from: EventRulePosition; most: number; unmatchedOnly: boolean },
): { found: Found[]; next: EventRulePosition | undefined } {
  const { limit, from, most, unmatchedOnly } = options;
  const found: Found[] = [];
  let [matchAt, presentAt, after] = [0, 0, from.after];
  const isPast = (list: readonly unknown[], place: number) => place === list.length && list.length < most;
  const isKnown = (list: readonly unknown[], place: number) => place < list.length || list.length < most;
  const isLast = () => isPast(present, presentAt) && (unmatchedOnly || isPast(matches, matchAt));
  while (found.length < limit && !isLast() && isKnown(matches, matchAt) && isKnown(present, presentAt)) {
    const [match, id] = [matches[matchAt], present[presentAt]];
    const first = match !== undefined && (id === undefined || match.ruleId <= id) ? match : undefined;
    after = first?.ruleId ?? id ?? after;
    if (first !== undefined) matchAt += 1;
    if (id === after) presentAt += 1;
    if (first === undefined || !unmatchedOnly) found.push({ ruleId: after, match: first });
  }
  return { found, next: isLast() ? undefined : { after, offset: from.offset + matchAt } };
}

/** When the rules that did not match were created, and changed to what they are now. */
async function stampsOf(
  store: Pick<Store, 'rules'>,
  workspace: string,
  rulesNow: RuleIndex,
  found: readonly Found[],
): Promise<Map<string, { createdAt: string; updatedAt: string }>> {
  const wanted = found.flatMap(({ ruleId: id, match }) => {
    const there = match === undefined ? rulesNow.get(workspace, id) : undefined;
    return there === undefined ? [] : [{ id, version: Number(there.version) }];
  });
  const rules = await store.rules.atVersions(workspace, wanted);
  return new Map(rules.map((rule) => [rule.id, rule]));
}

function whyNot(
  { receivedAt }: StoredEvent,
  rule: { createdAt: string; updatedAt: string } | undefined,
  now: EventRule['now'],
): string {
  if (rule !== undefined && rule.createdAt > receivedAt) {
    return `the rule was not there yet: it was created at ${rule.createdAt}`;
  }
  if (now?.matches === false) return now.reason;
  if (rule !== undefined && rule.updatedAt > receivedAt) {
    return `the rule did not match as it was then: it was changed at ${rule.updatedAt}`;
  }
  return 'the rule did not match as scorecards, groups and issue types were then';
}
