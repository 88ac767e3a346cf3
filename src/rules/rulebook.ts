import type { ScorecardGroups } from './groups';
import type { Rule } from './rule';

/** A rule as it is now; another version is another text of the rule. */
export interface VersionedRule {
  rule: Rule;
  version: string;
}

/** Where rules are kept. Every call answers with what is in force at that moment. */
export interface Rulebook {
  /** All rules, paused ones included, to find those that an event matches. */
  rules(): Promise<readonly VersionedRule[]>;
  /** One rule, for the next attempt of an execution; undefined when there is none by that id (any more). */
  rule(id: string): Promise<VersionedRule | undefined>;
  groups(): Promise<ScorecardGroups>;
}
