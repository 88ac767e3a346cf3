import type { Severity } from '../rules/scale';
import type { StoredRule } from './rule-store';
import type { Portfolio, Scorecard } from './scorecard-store';

/** One thing that an index must take over. */
export type FeedItem =
  | {
      kind: 'rule';
      workspace: string;
      id: string;
      stored: StoredRule | undefined;
      /** Why a rule that is there cannot be used: another version of this program stored it. */
      problem?: string;
    }
  | { kind: 'scorecard'; workspace: string; id: string; scorecard: Scorecard | undefined }
  | {
      kind: 'portfolio';
      workspace: string;
      id: string;
      portfolio: (Portfolio & { scorecards: string[] }) | undefined;
    }
  | { kind: 'issue-types'; workspace: string; severities: Record<string, Severity> };

/**
 * Everything that matching depends on. Every change takes the next number of one clock within its transaction, which makes
 * the order of numbers that of commits.
 */
export interface RuleFeed {
  /**
   * @returns what changed after `since` (0: everything that is there), in chunks of at most 1,000, and up to where that
   *   reads: to the end with the last chunk only, so a reader who stops before it begins again at `since`
   */
  changes(since: number): AsyncIterable<{ items: FeedItem[]; upTo: number }>;
  /** The clock now: a cheap look at whether there is anything to read. */
  clock(): Promise<number>;
  /** Is called after each change that this process commits. @returns how to end that */
  onLocalChange(listener: () => void): () => void;
}
