import { infiniteQueryOptions, queryOptions } from '@tanstack/preact-query';
import { call } from './client';
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
  return queryOptions({
    queryKey: ['outcomes', filter, span],
    queryFn: ({ signal }) =>
      call<Outcomes>('GET', '/v1/executions/outcomes', {
        query: { ...filter, ...sinceNow(span.hours), buckets: span.buckets },
        signal,
      }),
  });
}

export function callsQuery(span: { hours: number; buckets: number }, destination?: string) {
  return queryOptions({
    queryKey: ['calls', span, destination],
    queryFn: ({ signal }) =>
      call<Calls>('GET', '/v1/calls', {
        query: { ...sinceNow(span.hours), buckets: span.buckets, destination },
        signal,
      }),
  });
}

/** To whole 5 seconds, so that the service finds out once what all open pages ask. */
function sinceNow(hours: number): { from: string; to: string } {
  const now = Math.ceil(Date.now() / 5_000) * 5_000;
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
