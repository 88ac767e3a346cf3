import type { Change, IfVersion, Page, Stamped } from './record';

export interface Scorecard {
  /** 1 to 253 characters, compared without regard to case. */
  id: string;
  domain: string | null;
  mine: boolean;
  followed: boolean;
}

export interface Scorecards {
  list(
    workspace: string,
    page: Page & { mine?: boolean | undefined; followed?: boolean | undefined; domain?: string | undefined },
  ): Promise<(Scorecard & Stamped)[]>;
  get(workspace: string, id: string): Promise<(Scorecard & Stamped) | undefined>;
  /** Creates it or replaces it. @returns and whether it was created. @throws VersionMismatchError */
  put(
    change: Change,
    scorecard: Scorecard,
    condition?: IfVersion,
  ): Promise<Scorecard & Stamped & { created: boolean }>;
  /** Many at once, in one transaction (an import): fields that are absent stay as they are. */
  import(
    change: Change,
    scorecards: (Pick<Scorecard, 'id'> & Partial<Scorecard>)[],
  ): Promise<{ created: number; updated: number; unchanged: number }>;
  /** Also takes it out of its portfolios. @throws NotFoundError; VersionMismatchError */
  delete(change: Change, id: string, condition?: IfVersion): Promise<void>;
}

/** What events have told of a scorecard: each number is the newest of its kind. */
export interface ScorecardState {
  domain: string;
  current: { score?: number; factors?: Record<string, number> };
  /** Of the newest event. Integer YYYYMMDD. */
  platformScoreDate?: number;
}

export interface ScorecardStates {
  /** How scorecards stand, in their order; undefined: no event with a score was about it. At most 500 at once. */
  of(
    workspace: string,
    scorecards: readonly Pick<Scorecard, 'id' | 'domain'>[],
  ): Promise<(ScorecardState | undefined)[]>;
}

export interface Portfolio {
  id: string;
  name: string | null;
}

export interface Portfolios {
  list(workspace: string, page: Page): Promise<(Portfolio & Stamped & { scorecards: number })[]>;
  get(workspace: string, id: string): Promise<(Portfolio & Stamped & { scorecards: number }) | undefined>;
  put(
    change: Change,
    portfolio: Portfolio,
    condition?: IfVersion,
  ): Promise<Portfolio & Stamped & { scorecards: number; created: boolean }>;
  /** @throws NotFoundError; VersionMismatchError; InUseError while a rule names it */
  delete(change: Change, id: string, condition?: IfVersion): Promise<void>;
  /** @throws NotFoundError */
  members(workspace: string, id: string, page: Page): Promise<Scorecard[]>;
  /** Adds scorecards, creating those that are not known. Adding one twice changes nothing. @throws NotFoundError */
  addMembers(change: Change, id: string, scorecards: readonly string[]): Promise<void>;
  removeMembers(change: Change, id: string, scorecards: readonly string[]): Promise<void>;
  /** The version is the portfolio's, which changes with its scorecards. @throws NotFoundError; VersionMismatchError */
  setMembers(change: Change, id: string, scorecards: readonly string[], condition?: IfVersion): Promise<void>;
}
