import type { IncomingEvent } from './event';
import type { ScorecardFilter } from './scorecard-group';
import type { Severity } from './scale';

/** Scorecards by `groupKey` of their domain or of their id. */
export type Members = Pick<ReadonlySet<string>, 'has'>;

/** What rules refer to besides the event: the groups of scorecards, and the catalogue of issue types. */
export interface ScorecardGroups {
  mine: Members;
  followed: Members;
  /** By portfolio id. */
  portfolios: ReadonlyMap<string, { name?: string; scorecards: Members }>;
  /** The severity of issue types whose events do not say it. */
  issueTypes: ReadonlyMap<string, Severity>;
}

/** The form in which a domain or a scorecard id is compared: without regard to case. */
export function groupKey(domainOrId: string): string {
  return domainOrId.trim().toLowerCase();
}

/** Why the event's scorecard is not in the group that a rule is for; undefined when it is in it. */
export function whyOutside(
  filter: ScorecardFilter,
  { domain, scorecard_id: id }: Pick<IncomingEvent, 'domain' | 'scorecard_id'>,
  groups: ScorecardGroups,
): string | undefined {
  const named = domain ?? id;
  if (named === undefined) return 'the event is about no scorecard';
  const [members, group] = membersOf(filter, groups);
  const inside = [domain, id].some((name) => name !== undefined && members?.has(groupKey(name)));
  return inside ? undefined : `${named} is not ${group}`;
}

function membersOf(filter: ScorecardFilter, groups: ScorecardGroups): [Members | undefined, string] {
  switch (filter.value) {
    case 'my_scorecard':
      return [groups.mine, 'my scorecard'];
    case 'followed':
      return [groups.followed, 'a followed scorecard'];
    case 'in_portfolio': {
      const portfolio = groups.portfolios.get(filter.portfolio_id);
      return [portfolio?.scorecards, `in portfolio ${portfolio?.name ?? filter.portfolio_id}`];
    }
  }
}
