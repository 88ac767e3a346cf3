import { groupKey } from '../groups';
import type { ScorecardGroups } from '../groups';
import type { Severity } from '../scale';
import type { ScorecardFilter } from '../scorecard-group';

/** A scorecard as far as groups go. Ids and domains are kept as their `groupKey`. */
interface Scorecard {
  domain: string | null;
  mine: boolean;
  followed: boolean;
}

interface Portfolio {
  name?: string;
  scorecards: { has(key: string): boolean };
  /** Ids of its scorecards. */
  members: ReadonlySet<string>;
}

/** The name of a group of scorecards, for maps. */
export function groupName(filter: ScorecardFilter): string {
  return filter.value === 'in_portfolio' ? `in_portfolio/${filter.portfolio_id}` : filter.value;
}

/**
 * Which scorecards are in which groups, for one workspace. What `match` gets to see of it asks it each time, so nothing
 * is built anew when scorecards come and go.
 */
export class GroupMembers implements ScorecardGroups {
  readonly portfolios = new Map<string, Portfolio>();
  issueTypes: ReadonlyMap<string, Severity> = new Map();
  readonly mine = { has: (key: string) => this.some(key, (id) => this.scorecards.get(id)?.mine === true) };
  readonly followed = {
    has: (key: string) => this.some(key, (id) => this.scorecards.get(id)?.followed === true),
  };

  private readonly scorecards = new Map<string, Scorecard>();
  private readonly idsByDomain = new Map<string, Set<string>>();
  private readonly portfoliosById = new Map<string, Set<string>>();

  putScorecard(id: string, scorecard: Scorecard): void {
    this.deleteScorecard(id);
    const domain = scorecard.domain === null ? null : groupKey(scorecard.domain);
    this.scorecards.set(groupKey(id), { domain, mine: scorecard.mine, followed: scorecard.followed });
    if (domain !== null) addTo(this.idsByDomain, domain, groupKey(id));
  }

  deleteScorecard(id: string): void {
    const key = groupKey(id);
    const domain = this.scorecards.get(key)?.domain;
    if (typeof domain === 'string') removeFrom(this.idsByDomain, domain, key);
    this.scorecards.delete(key);
  }

  putPortfolio(id: string, name: string | null, scorecards: readonly string[]): void {
    this.deletePortfolio(id);
    const members = new Set(scorecards.map(groupKey));
    for (const member of members) addTo(this.portfoliosById, member, id);
    const has = (key: string) => this.some(key, (member) => members.has(member));
    this.portfolios.set(id, { ...(name !== null && { name }), scorecards: { has }, members });
  }

  deletePortfolio(id: string): void {
    for (const member of this.portfolios.get(id)?.members ?? []) {
      removeFrom(this.portfoliosById, member, id);
    }
    this.portfolios.delete(id);
  }

  /** The names of the groups that have the scorecard of an event. */
  namesFor(about: { domain?: string | undefined; scorecard_id?: string | undefined }): Set<string> {
    const names = new Set<string>();
    for (const text of [about.domain, about.scorecard_id]) {
      if (text === undefined) continue;
      for (const id of this.idsOf(groupKey(text))) {
        const scorecard = this.scorecards.get(id);
        if (scorecard?.mine) names.add(groupName({ value: 'my_scorecard' }));
        if (scorecard?.followed) names.add(groupName({ value: 'followed' }));
        for (const portfolio of this.portfoliosById.get(id) ?? []) {
          names.add(groupName({ value: 'in_portfolio', portfolio_id: portfolio }));
        }
      }
    }
    return names;
  }

  /** The ids of the scorecards that a domain or an id names. */
  private *idsOf(key: string): Iterable<string> {
    yield key;
    yield* this.idsByDomain.get(key) ?? [];
  }

  private some(key: string, holds: (id: string) => boolean): boolean {
    for (const id of this.idsOf(key)) if (holds(id)) return true;
    return false;
  }
}

/** Adds to one of many sets. */
export function addTo<Key, Item>(sets: Map<Key, Set<Item>>, key: Key, item: Item): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([item]));
  else set.add(item);
}

/** Takes out of one of many sets, none of which is kept empty. */
export function removeFrom<Key, Item>(sets: Map<Key, Set<Item>>, key: Key, item: Item): void {
  const set = sets.get(key);
  set?.delete(item);
  if (set?.size === 0) sets.delete(key);
}
