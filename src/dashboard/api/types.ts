import type { z } from 'zod';
import type { destination } from '../../api/schemas/destination';
import type { executionDetail, executionSummary } from '../../api/schemas/execution';

/** What the API answers, from the schemas that it answers by. */
export type ExecutionSummary = z.output<typeof executionSummary>;
export type Execution = z.output<typeof executionDetail>;
export type ExecutionStep = Execution['steps'][number];
export type Attempt = ExecutionStep['attempts'][number];
export type PlannedRetry = ExecutionStep['schedule'][number];
export type ExecutionStatus = ExecutionSummary['status'];
export type Destination = z.output<typeof destination>;

export interface Page<T> {
  items: T[];
  /** Null: this is the last page. */
  next_cursor: string | null;
}
