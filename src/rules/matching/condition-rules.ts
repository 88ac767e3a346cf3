import { addTo, removeFrom } from './group-members';
import { equalitiesOf, valuesAt } from './equality';
import type { Discriminant, Equality } from './equality';
import type { Filter } from '../filter-schema';
import type { VersionedRule } from '../rulebook';
import type { JsonObject } from '../../shared/json';

type ByValue = Map<Discriminant, Set<VersionedRule>>;

/** Rules for one pattern of types, by one value that their filters ask for. */
export class ConditionRules {
  /** By the first name of the path, and by the path. */
  private readonly byPath = new Map<string, Map<string, ByValue>>();
  /** Which of its conditions a rule stands at. */
  private readonly chosen = new Map<VersionedRule, Equality>();
  /** Rules without such a condition. */
  private readonly others = new Set<VersionedRule>();

  get isEmpty(): boolean {
    return this.chosen.size === 0 && this.others.size === 0;
  }

  add(filter: Filter | undefined, rule: VersionedRule): void {
    const equality = this.mostSelective(filter === undefined ? [] : equalitiesOf(filter));
    if (equality === undefined) {
      this.others.add(rule);
      return;
    }
    this.chosen.set(rule, equality);
    const name = firstName(equality.path);
    const paths = this.byPath.get(name) ?? new Map<string, ByValue>();
    const byValue = paths.get(equality.path) ?? new Map<Discriminant, Set<VersionedRule>>();
    for (const value of equality.values) addTo(byValue, value, rule);
    this.byPath.set(name, paths.set(equality.path, byValue));
  }

  remove(rule: VersionedRule): void {
    this.others.delete(rule);
    const equality = this.chosen.get(rule);
    if (equality === undefined) return;
    this.chosen.delete(rule);
    const name = firstName(equality.path);
    const paths = this.byPath.get(name);
    const byValue = paths?.get(equality.path);
    if (paths === undefined || byValue === undefined) return;
    for (const value of equality.values) removeFrom(byValue, value, rule);
    if (byValue.size === 0) paths.delete(equality.path);
    if (paths.size === 0) this.byPath.delete(name);
  }

  /** The rules whose filter some data may pass; one may come more than once. */
  *for(data: JsonObject): Iterable<VersionedRule> {
    yield* this.others;
    // By the names in the data, which are few, not by those that rules ask for.
    for (const name of Object.keys(data)) {
      for (const [path, byValue] of this.byPath.get(name) ?? []) {
        for (const value of valuesAt(data, path)) yield* byValue.get(value) ?? [];
      }
    }
  }

  /**
   * The condition that is likely to leave the fewest rules to look at: one at whose value few stand, the more so where
   * the path has many values. `{region: "eu", customer: "c1"}` is best found by customer.
   */
  private mostSelective(equalities: Equality[]): Equality | undefined {
    const crowd = ({ path, values }: Equality) => {
      const byValue = this.byPath.get(firstName(path))?.get(path);
      const there = values.reduce<number>((sum, value) => sum + (byValue?.get(value)?.size ?? 0), 0);
      return there / (byValue?.size ?? 1);
    };
    return equalities.reduce<Equality | undefined>(
      (best, each) => (best === undefined || crowd(each) < crowd(best) ? each : best),
      undefined,
    );
  }
}

function firstName(path: string): string {
  const [name = ''] = path.split('.', 1);
  return name;
}
