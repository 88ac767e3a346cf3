import { infiniteQueryOptions } from '@tanstack/preact-query';
import { call } from './client';
import type { Page } from './types';

/** A type of the workspace's own events. */
export interface EventType {
  name: string;
  description: string | null;
  /** JSON Schema of the `data` of its events; null: anything goes. */
  schema: Record<string, unknown> | null;
  version: number;
  updated_at: string;
  updated_by: string;
}

const PAGE_SIZE = 50;

export const eventTypesQuery = infiniteQueryOptions({
  queryKey: ['event-types'],
  queryFn: ({ pageParam, signal }) =>
    call<Page<EventType>>('GET', '/v1/event-types', {
      query: { limit: PAGE_SIZE, cursor: pageParam },
      signal,
    }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor }) => next_cursor,
});

/** @param version of the one that is replaced; undefined: there must be none yet */
export function putEventType(
  name: string,
  body: Pick<EventType, 'description' | 'schema'>,
  version?: number,
): Promise<EventType> {
  return call('PUT', pathOf(name), {
    body,
    headers: version === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` },
  });
}

export function deleteEventType(name: string): Promise<void> {
  return call('DELETE', pathOf(name));
}

function pathOf(name: string): string {
  return `/v1/event-types/${encodeURIComponent(name)}`;
}
