import type { z } from 'zod';
import type { destination } from '../../api/schemas/destination';
import type { executionDetail, executionSummary } from '../../api/schemas/execution';

/** What the API answers, from the schemas that it answers by. */
export type ExecutionSummary = z.output<typeof executionSummary>;
type Detail = z.output<typeof executionDetail>;
type Step = Detail['steps'][number];
type BareAttempt = Step['attempts'][number];

export interface Attempt extends Omit<BareAttempt, 'request'> {
  request: (NonNullable<BareAttempt['request']> & { headers: Record<string, string> | null }) | null;
  timing: {
    dns_ms: number | null;
    connect_ms: number | null;
    tls_ms: number | null;
    first_byte_ms: number | null;
    body_ms: number | null;
    reused_connection: boolean;
  } | null;
}
export interface PlannedRetry {
  number: number;
  planned_at: string;
  made_at: string | null;
  state: 'made' | 'due' | 'to_come' | 'not_needed';
}
export interface ExecutionStep extends Omit<Step, 'attempts'> {
  attempts: Attempt[];
  answer: { url: string; status: number; body_bytes: number; truncated: boolean } | null;
  schedule: PlannedRetry[];
}
export interface Execution extends Omit<Detail, 'steps'> {
  steps: ExecutionStep[];
  temporal_url: string | null;
}
export type ExecutionStatus = ExecutionSummary['status'];
export type Destination = z.output<typeof destination>;

export interface Page<T> {
  items: T[];
  /** Null: this is the last page. */
  next_cursor: string | null;
}
