import type { IncomingEvent } from './event';
import type { Trigger } from './evaluation';
import { match } from './match';
import type { Match } from './match';
import { WorkspaceRules } from './matching/workspace-rules';
import type { VersionedRule } from './rulebook';
import type { Severity } from './scale';

/** A rule that an event matches, and why. */
export interface MatchedRule extends VersionedRule {
  reason: string;
  trigger: Trigger;
}

/**
 * The rules of all workspaces and what they depend on, in memory, arranged so that an event costs in proportion to the
 * rules that it matches. Where it finds a rule, `match` has the last word.
 */
export class RuleIndex {
  private readonly workspaces = new Map<string, WorkspaceRules>();

  /** Adds a rule, or takes over an edit of it. */
  putRule(workspace: string, rule: VersionedRule): void {
    this.of(workspace).put(rule);
  }

  deleteRule(workspace: string, id: string): void {
    this.workspaces.get(workspace)?.delete(id);
  }

  /** Adds a scorecard, or takes over a change of it. */
  putScorecard(
    workspace: string,
    { id, ...scorecard }: { id: string; domain: string | null; mine: boolean; followed: boolean },
  ): void {
    this.of(workspace).groups.putScorecard(id, scorecard);
  }

  deleteScorecard(workspace: string, id: string): void {
    this.workspaces.get(workspace)?.groups.deleteScorecard(id);
  }

  /** @param scorecards ids of its scorecards: all of them */
  putPortfolio(
    workspace: string,
    { id, name, scorecards }: { id: string; name: string | null; scorecards: readonly string[] },
  ): void {
    this.of(workspace).groups.putPortfolio(id, name, scorecards);
  }

  deletePortfolio(workspace: string, id: string): void {
    this.workspaces.get(workspace)?.groups.deletePortfolio(id);
  }

  setIssueTypes(workspace: string, severities: Readonly<Record<string, Severity>>): void {
    this.of(workspace).groups.issueTypes = new Map(Object.entries(severities));
  }

  /** The rules that an event matches, in the order of their ids. A trial matches its rule alone, as `match` has it. */
  match(workspace: string, event: IncomingEvent): MatchedRule[] {
    const there = this.workspaces.get(workspace);
    if (there === undefined) return [];
    const matched: MatchedRule[] = [];
    for (const each of there.candidates(event)) {
      const found = match(each.rule, event, there.groups);
      if (found.matches) matched.push({ ...each, reason: found.reason, trigger: found.trigger });
    }
    return matched.sort((a, b) => (a.rule.id < b.rule.id ? -1 : 1));
  }

  /** Why the other rules did not match: at most `limit` of them, in the order of their ids. */
  unmatched(
    workspace: string,
    event: IncomingEvent,
    limit: number,
  ): { total: number; rules: { ruleId: string; reason: string }[] } {
    const there = this.workspaces.get(workspace);
    if (there === undefined) return { total: 0, rules: [] };
    const matched = new Set(this.match(workspace, event).map(({ rule }) => rule.id));
    const rules: { ruleId: string; reason: string }[] = [];
    for (const id of there.ids()) {
      if (rules.length >= limit) break;
      const found = matched.has(id) ? undefined : this.explain(workspace, id, event);
      if (found !== undefined) rules.push({ ruleId: id, reason: found.reason });
    }
    return { total: there.size - matched.size, rules };
  }

  /** Whether an event would match one rule, and why or why not; undefined when there is no such rule. */
  explain(workspace: string, ruleId: string, event: IncomingEvent): Match | undefined {
    const there = this.workspaces.get(workspace);
    const found = there?.get(ruleId);
    return there && found && match(found.rule, event, there.groups);
  }

  /** One rule as it is now; undefined when there is no such rule. */
  get(workspace: string, ruleId: string): VersionedRule | undefined {
    return this.workspaces.get(workspace)?.get(ruleId);
  }

  /** Ids of rules in their order, those after `after`: at most `limit`. */
  idsAfter(workspace: string, after: string, limit: number): string[] {
    const ids = this.workspaces.get(workspace)?.ids() ?? [];
    const first = ids.findIndex((id) => id > after);
    return first < 0 ? [] : ids.slice(first, first + limit);
  }

  /** How many rules there are. */
  get size(): number {
    return [...this.workspaces.values()].reduce((sum, { size }) => sum + size, 0);
  }

  private of(workspace: string): WorkspaceRules {
    const there = this.workspaces.get(workspace) ?? new WorkspaceRules();
    this.workspaces.set(workspace, there);
    return there;
  }
}
