import { setTimeout as delay } from 'node:timers/promises';
import { RuleIndex } from '../rules/rule-index';
import { StoreAwayError } from './errors';
import type { FeedItem, RuleFeed } from './rule-feed';

/** A rule index that follows the store. */
export interface LiveRuleIndex {
  /**
   * The index with every change that this process has committed, and those of other processes up to a moment ago. While the
   * store is away: as it was last.
   *
   * @throws StoreAwayError when the store has been away since the start
   */
  current(): Promise<RuleIndex>;
  /**
   * The index with every change, of whatever process, that was committed before this was called.
   *
   * @throws StoreAwayError
   */
  refreshed(): Promise<RuleIndex>;
  /** The clock of the store up to which the index has all changes, or more. */
  readonly asOf: number;
  /** Resolves when all was loaded for the first time, however long the store is away. Rejects on any other error. */
  ready: Promise<void>;
  close(): void;
}

/**
 * Keeps a rule index fresh: all is loaded at the start, changes of this process are read at once, those of others
 * when a look at the clock shows that there are any.
 *
 * @param options `pollMs`: between two looks. `warn`: is told of what keeps a rule or all changes from being taken over
 */
export function createLiveRuleIndex(
  feed: RuleFeed,
  options: { pollMs: number; warn?: (message: string) => void },
): LiveRuleIndex {
  const follower = new Follower(feed, options.warn ?? (() => undefined));
  const ready = follower.load(options.pollMs);
  // Whoever does not wait for it is told by `current()`.
  ready.catch(() => undefined);
  const endOfChanges = feed.onLocalChange(() => {
    follower.noteLocalChange();
  });
  const timer = setInterval(() => void follower.look(), options.pollMs).unref();
  return {
    current: () => follower.current(),
    refreshed: () => follower.refreshed(),
    get asOf() {
      return follower.upTo;
    },
    ready,
    close: () => {
      follower.closed = true;
      endOfChanges();
      clearInterval(timer);
    },
  };
}

class Follower {
  closed = false;
  private readonly index = new RuleIndex();
  /** Up to where the index has what the feed has. */
  upTo = 0;
  private loaded = false;
  /** Reasons to read that this process knows of, such as a change of its own, and how many of them were read after for sure. */
  private reasons = 0;
  private included = 0;
  private reading: Promise<void> | undefined;
  private looking = false;
  private lastWarning: string | undefined;

  constructor(
    private readonly feed: RuleFeed,
    private readonly warn: (message: string) => void,
  ) {}

  async load(retryMs: number): Promise<void> {
    while (!this.closed) {
      try {
        await this.read();
        return;
      } catch (error) {
        if (!(error instanceof StoreAwayError)) throw error;
      }
      await delay(retryMs, undefined, { ref: false });
    }
    throw new Error('the rule index was closed before it was loaded');
  }

  async current(): Promise<RuleIndex> {
    try {
      if (!this.loaded) await this.read();
      await this.catchUp(this.reasons);
    } catch (error) {
      if (!this.loaded) throw error;
      this.note(error);
    }
    return this.index;
  }

  async refreshed(): Promise<RuleIndex> {
    this.reasons += 1;
    await this.catchUp(this.reasons);
    return this.index;
  }

  noteLocalChange(): void {
    this.reasons += 1;
    this.catchUp(this.reasons).catch((error: unknown) => {
      this.note(error);
    });
  }

  /** Takes over what other processes have changed. Never rejects: the next look comes. */
  async look(): Promise<void> {
    if (this.looking || !this.loaded) return;
    this.looking = true;
    try {
      if ((await this.feed.clock()) > this.upTo) await this.read();
      this.lastWarning = undefined;
    } catch (error) {
      this.note(error);
    } finally {
      this.looking = false;
    }
  }

  private async catchUp(reasons: number): Promise<void> {
    while (!this.closed && this.included < reasons) await this.read();
  }

  /** One at a time: whoever comes while it runs gets that one's end, which may lack the newest changes. */
  private read(): Promise<void> {
    this.reading ??= this.readOnce().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async readOnce(): Promise<void> {
    const included = this.reasons;
    for await (const { items, upTo } of this.feed.changes(this.upTo)) {
      if (this.closed) return;
      for (const item of items) this.take(item);
      this.upTo = upTo;
    }
    this.included = included;
    this.loaded = true;
  }

  private take(item: FeedItem): void {
    const { index } = this;
    const { workspace } = item;
    switch (item.kind) {
      case 'rule':
        if (item.problem !== undefined) {
          this.warn(`Rule "${item.id}" of workspace "${workspace}" is left out: ${item.problem}`);
        }
        if (item.stored === undefined) index.deleteRule(workspace, item.id);
        else index.putRule(workspace, { rule: item.stored.rule, version: String(item.stored.version) });
        break;
      case 'scorecard':
        if (item.scorecard === undefined) index.deleteScorecard(workspace, item.id);
        else index.putScorecard(workspace, item.scorecard);
        break;
      case 'portfolio':
        if (item.portfolio === undefined) index.deletePortfolio(workspace, item.id);
        else index.putPortfolio(workspace, item.portfolio);
        break;
      case 'issue-types':
        index.setIssueTypes(workspace, item.severities);
        break;
    }
  }

  /** That the store is away, its users learn from it; anything else is said once. */
  private note(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof StoreAwayError || message === this.lastWarning) return;
    this.lastWarning = message;
    this.warn(`Rules are matched as they were, as changes cannot be read: ${message}`);
  }
}
