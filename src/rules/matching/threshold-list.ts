import type { VersionedRule } from '../rulebook';

/** How many new thresholds are put into their places one by one; more are sorted in. */
const FEW = 16;

/** Rules by threshold, for finding those whose threshold lies between two scores. */
export class ThresholdList {
  private readonly rules = new Map<number, Set<VersionedRule>>();
  /** Ascending; may have some whose last rule is gone. */
  private sorted: number[] = [];
  /** Not yet in `sorted`, so that loading many rules sorts once. */
  private added: number[] = [];

  get isEmpty(): boolean {
    return this.rules.size === 0;
  }

  add(threshold: number, rule: VersionedRule): void {
    const there = this.rules.get(threshold);
    if (there !== undefined) {
      there.add(rule);
      return;
    }
    this.rules.set(threshold, new Set([rule]));
    this.added.push(threshold);
  }

  remove(threshold: number, rule: VersionedRule): void {
    const there = this.rules.get(threshold);
    there?.delete(rule);
    if (there?.size === 0) this.rules.delete(threshold);
  }

  /** Rules with a threshold above `from`, up to `to`. */
  *between(from: number, to: number): Iterable<VersionedRule> {
    this.settle();
    for (let index = this.firstAbove(from); index < this.sorted.length; index += 1) {
      const threshold = this.sorted[index] ?? Infinity;
      if (threshold > to) return;
      yield* this.rules.get(threshold) ?? [];
    }
  }

  private settle(): void {
    if (this.added.length > FEW) {
      this.sorted = [...new Set([...this.sorted, ...this.added])].sort((a, b) => a - b);
    } else {
      for (const threshold of this.added) {
        const index = this.firstAbove(threshold);
        if (this.sorted[index - 1] !== threshold) this.sorted.splice(index, 0, threshold);
      }
    }
    this.added = [];
    if (this.sorted.length > 2 * this.rules.size + FEW) {
      this.sorted = this.sorted.filter((threshold) => this.rules.has(threshold));
    }
  }

  /** The place of the first threshold that is larger. */
  private firstAbove(score: number): number {
    let [low, high] = [0, this.sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sorted[middle] ?? Infinity) > score) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
