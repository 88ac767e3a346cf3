import type { Rule } from './rule';

/** A rule as it is now; another version is another text of the rule. */
export interface VersionedRule {
  rule: Rule;
  version: string;
}

/** Where the activities find rules. Every call answers with what is in force at that moment. */
export interface Rulebook {
  /** One rule, for the next attempt of an execution; undefined when there is none by that id (any more). */
  rule(workspace: string, id: string): Promise<(VersionedRule & { owner: Owner }) | undefined>;
}

/** Who gets the escalation e-mail: a member, when the rule names one, as that member is now. */
export interface Owner {
  name?: string | undefined;
  email: string;
}
