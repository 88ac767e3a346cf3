import { infiniteQueryOptions } from '@tanstack/preact-query';
import { call } from './client';
import type { Page } from './types';

/** Who changed what, and when. */
export interface AuditEntry {
  id: number;
  at: string;
  /** `key/<id>`; `start` or `delivery` for what the program does by itself. */
  actor: string;
  action: string;
  subject: { type: string; id: string };
  details: Record<string, unknown>;
}

/** Which entries are listed. As in the address of the page, and in the API's query. */
export interface AuditFilter {
  actor?: string;
  action?: string;
  subject_type?: string;
  subject_id?: string;
}

const PAGE_SIZE = 50;

export function auditQuery(filter: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      call<Page<AuditEntry>>('GET', '/v1/audit', {
        query: { ...filter, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });
}
