import { ConditionRules } from './condition-rules';
import { groupName } from './group-members';
import type { CustomEvent } from '../custom-event';
import type { EventRule } from '../rule';
import type { VersionedRule } from '../rulebook';

/** Rules by the group of scorecards that they are for; those for any event have none. */
type ByGroup = Map<string, ConditionRules>;

/** What patterns have in common, segment by segment; `*` within a pattern is a segment of that name. */
interface Node {
  next: Map<string, Node>;
  /** Of patterns that end here. */
  here: ByGroup;
  /** Of patterns that end here with a `*`: they take one or more segments more. */
  rest: ByGroup;
}

const ANY_EVENT = '';

/** The rules that listen to events of senders' own types, by pattern, group and condition. */
export class EventRules {
  private readonly root = emptyNode();

  add({ event, filters }: EventRule, rule: VersionedRule): void {
    const { segments, end } = partsOf(event.type);
    let node = this.root;
    for (const segment of segments) {
      const next = node.next.get(segment) ?? emptyNode();
      node.next.set(segment, next);
      node = next;
    }
    const group = filters === undefined ? ANY_EVENT : groupName(filters.scorecards);
    const rules = node[end].get(group) ?? new ConditionRules();
    node[end].set(group, rules);
    rules.add(event.filter, rule);
  }

  remove({ event, filters }: EventRule, rule: VersionedRule): void {
    const { segments, end } = partsOf(event.type);
    const path = [this.root];
    for (const segment of segments) {
      const next = path.at(-1)?.next.get(segment);
      if (next === undefined) return;
      path.push(next);
    }
    const group = filters === undefined ? ANY_EVENT : groupName(filters.scorecards);
    const byGroup = path.at(-1)?.[end];
    const rules = byGroup?.get(group);
    rules?.remove(rule);
    if (rules?.isEmpty) byGroup?.delete(group);
    for (const [index, segment] of [...segments.entries()].reverse()) {
      const node = path[index + 1];
      if (node === undefined || !isEmpty(node)) return;
      path[index]?.next.delete(segment);
    }
  }

  /** The rules that an event may match; one may come more than once. `groups` are those of its scorecard. */
  *for({ type, data }: CustomEvent, groups: ReadonlySet<string>): Iterable<VersionedRule> {
    for (const byGroup of matching(this.root, type.split('.'), 0)) {
      yield* byGroup.get(ANY_EVENT)?.for(data) ?? [];
      for (const group of groups) yield* byGroup.get(group)?.for(data) ?? [];
    }
  }
}

function* matching(node: Node, segments: readonly string[], at: number): Iterable<ByGroup> {
  const segment = segments[at];
  if (segment === undefined) {
    yield node.here;
    return;
  }
  yield node.rest;
  for (const name of [segment, '*']) {
    const next = node.next.get(name);
    if (next !== undefined) yield* matching(next, segments, at + 1);
  }
}

function partsOf(pattern: string): { segments: string[]; end: 'here' | 'rest' } {
  const segments = pattern.split('.');
  return segments.at(-1) === '*'
    ? { segments: segments.slice(0, -1), end: 'rest' }
    : { segments, end: 'here' };
}

function emptyNode(): Node {
  return { next: new Map(), here: new Map(), rest: new Map() };
}

function isEmpty({ next, here, rest }: Node): boolean {
  return next.size === 0 && here.size === 0 && rest.size === 0;
}
