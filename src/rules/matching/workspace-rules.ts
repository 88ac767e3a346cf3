import { ChangeRules, looksFor } from './change-rules';
import { EventRules } from './event-rules';
import { GroupMembers, groupName } from './group-members';
import type { IncomingEvent } from '../event';
import type { VersionedRule } from '../rulebook';

/** The rules of one workspace, and its groups of scorecards. */
export class WorkspaceRules {
  readonly groups = new GroupMembers();
  private readonly byId = new Map<string, VersionedRule>();
  /** Rules for changes, by the name of their group. */
  private readonly forChanges = new Map<string, ChangeRules>();
  private readonly forEvents = new EventRules();
  /** Ascending; absent while it has yet to be made. */
  private sortedIds: string[] | undefined;

  get size(): number {
    return this.byId.size;
  }

  get(id: string): VersionedRule | undefined {
    return this.byId.get(id);
  }

  /** In order. */
  ids(): readonly string[] {
    this.sortedIds ??= [...this.byId.keys()].sort();
    return this.sortedIds;
  }

  put(each: VersionedRule): void {
    const there = this.byId.get(each.rule.id);
    if (there === undefined) this.sortedIds = undefined;
    else this.displace(there);
    this.byId.set(each.rule.id, each);
    this.place(each);
  }

  delete(id: string): void {
    const there = this.byId.get(id);
    if (there === undefined) return;
    this.displace(there);
    this.byId.delete(id);
    this.sortedIds = undefined;
  }

  /** All rules that an event may match, and few others: each once. */
  candidates(event: IncomingEvent): Iterable<VersionedRule> {
    if (event.trial !== undefined) {
      const tried = this.byId.get(event.trial.rule_id);
      return tried === undefined ? [] : [tried];
    }
    if ('schedule' in event) {
      const due = this.byId.get(event.schedule.rule_id);
      return due === undefined ? [] : [due];
    }
    const names = this.groups.namesFor(event);
    if ('data' in event) return new Set(this.forEvents.for(event, names));
    const looks = looksFor(event, this.groups.issueTypes);
    const found = new Set<VersionedRule>();
    for (const name of names) {
      for (const rule of this.forChanges.get(name)?.at(looks) ?? []) found.add(rule);
    }
    return found;
  }

  private place(each: VersionedRule): void {
    const { rule } = each;
    // No event that is sent fires it.
    if (rule.schedule !== undefined) return;
    if (rule.event !== undefined) {
      this.forEvents.add(rule, each);
      return;
    }
    const name = groupName(rule.filters.scorecards);
    const rules = this.forChanges.get(name) ?? new ChangeRules();
    this.forChanges.set(name, rules);
    rules.add(rule.filters.changes, each);
  }

  private displace(each: VersionedRule): void {
    const { rule } = each;
    if (rule.schedule !== undefined) return;
    if (rule.event !== undefined) {
      this.forEvents.remove(rule, each);
      return;
    }
    const name = groupName(rule.filters.scorecards);
    const rules = this.forChanges.get(name);
    rules?.remove(rule.filters.changes, each);
    if (rules?.isEmpty) this.forChanges.delete(name);
  }
}
