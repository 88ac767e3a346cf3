import { infiniteQueryOptions, queryOptions } from '@tanstack/preact-query';
import { call } from './client';
import { ApiProblem } from './problem';
import type { Execution, ExecutionSummary, Page } from './types';

/** Which executions are listed. As in the address of the page, and in the API's query. */
export interface ExecutionFilter {
  q?: string;
  status?: string;
  rule?: string;
  domain?: string;
  destination?: string;
  event?: string;
  type?: string;
  from?: string;
  to?: string;
}

export interface OutcomeCounts {
  running: number;
  delivered: number;
  escalated: number;
  cancelled: number;
  abandoned: number;
  failed: number;
  terminated: number;
}

export interface Outcomes {
  from: string;
  to: string;
  buckets: { from: string; to: string; counts: OutcomeCounts }[];
  total: OutcomeCounts;
}

export interface Calls {
  buckets: {
    from: string;
    to: string;
    delivered: number;
    failed: number;
    latency_ms: { p50: number; p95: number; p99: number } | null;
  }[];
}

const PAGE_SIZE = 50;

/** Milliseconds. */
const TO_WHOLE_MS = 5_000;
const STILL_COUNTING_MS = 3_000;
const STILL_COUNTING_TRIES = 15;

/** What waits is read again so often: of that, the stream of changes tells of the newest alone. Milliseconds. */
const READ_AGAIN_MS = 30_000;

export function executionsQuery(filter: ExecutionFilter) {
  return infiniteQueryOptions({
    queryKey: ['executions', filter],
    queryFn: ({ pageParam, signal }) =>
      call<Page<ExecutionSummary>>('GET', '/v1/executions', {
        query: { ...filter, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    refetchInterval: READ_AGAIN_MS,
  });
}

export function executionQuery(id: string) {
  return queryOptions({
    queryKey: ['execution', id],
    queryFn: ({ signal }) => call<Execution>('GET', `/v1/executions/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.ended_at === null ? READ_AGAIN_MS : false),
  });
}

/** @param span when, and in how many parts */
export function outcomesQuery(filter: ExecutionFilter, span: { hours: number; buckets: number }) {
  // Whole parts, so that those that are over are the same each time: the service has counted them.
  const partMs = (span.hours * 3_600_000) / span.buckets;
  return queryOptions({
    queryKey: ['outcomes', filter, span],
    queryFn: ({ signal }) =>
      call<Outcomes>('GET', '/v1/executions/outcomes', {
        query: { ...filter, ...sinceNow(span.hours, partMs), buckets: span.buckets },
        signal,
      }),
    // Where there are many they are still being counted: that may take a minute, and each answer says so.
    retry: (tries, error) =>
      tries < STILL_COUNTING_TRIES && error instanceof ApiProblem && error.status === 503,
    retryDelay: STILL_COUNTING_MS,
  });
}

export function callsQuery(span: { hours: number; buckets: number }, destination?: string) {
  return queryOptions({
    queryKey: ['calls', span, destination],
    queryFn: ({ signal }) =>
      call<Calls>('GET', '/v1/calls', {
        query: { ...sinceNow(span.hours, TO_WHOLE_MS), buckets: span.buckets, destination },
        signal,
      }),
  });
}

/** Until the end of the time of this length that it is now in: so the service finds out once what all open pages ask. */
function sinceNow(hours: number, unitMs: number): { from: string; to: string } {
  const now = Math.ceil(Date.now() / unitMs) * unitMs;
  return { from: new Date(now - hours * 3_600_000).toISOString(), to: new Date(now).toISOString() };
}

export type ExecutionOrder = 'retry' | 'pause' | 'resume' | 'cancel' | 'restart';

/** What people do to one execution. @throws ApiProblem, 409 when it does not fit */
export function orderExecution(
  id: string,
  order: ExecutionOrder,
  body?: object,
): Promise<{ restarted_as?: string }> {
  return call('POST', `/v1/executions/${encodeURIComponent(id)}/${order}`, { body });
}
