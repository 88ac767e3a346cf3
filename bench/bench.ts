import type { Table } from './comparison';
import type { Stage } from './support/stage';

/** How a bench is to run. */
export interface BenchSize {
  /** Few of each, to see whether it runs. */
  isQuick: boolean;
  /** Pairs of each comparison. */
  repeats: number;
  /** Executions, in place of what a bench has by itself: for `parked` alone. */
  count: number | undefined;
}

/** A bench of executions, on a server of its own. */
export interface StagedBench {
  about: string;
  runOn: (stage: Stage, size: BenchSize) => Promise<Table[]>;
}

/** A bench in which no server has a part. */
export interface PlainBench {
  about: string;
  run: (size: BenchSize) => Promise<Table[]>;
}

export type Bench = StagedBench | PlainBench;
