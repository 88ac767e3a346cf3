import { infiniteQueryOptions, queryOptions } from '@tanstack/preact-query';
import type { z } from 'zod';
import type { acceptedEvent, listedEvent, storedEvent } from '../../api/schemas/event';
import { call } from './client';
import type { Page } from './types';

export type ListedEvent = z.output<typeof listedEvent>;
export type StoredEvent = z.output<typeof storedEvent>;
export type AcceptedEvent = z.output<typeof acceptedEvent>;

/** Which events are listed. As in the address of the page, and in the API's query. */
export interface EventFilter {
  type?: string;
  domain?: string;
}

/** What one rule made of an event. */
export interface RuleOfEvent {
  /** Without a name: it was deleted since. */
  rule: { id: string; name: string | null };
  /** When the event came. */
  matched: boolean;
  reason: string;
  execution_id: string | null;
  /** Of the rule that matched. */
  rule_version: number | null;
  /** What the rule as it is now would make of it; null: it was deleted. */
  now: { matches: boolean; reason: string } | null;
}

const PAGE_SIZE = 50;

export function eventsQuery(filter: EventFilter) {
  return infiniteQueryOptions({
    queryKey: ['events', filter],
    queryFn: ({ pageParam, signal }) =>
      call<Page<ListedEvent>>('GET', '/v1/events', {
        query: { ...filter, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });
}

export function eventQuery(id: string) {
  return queryOptions({
    queryKey: ['event', id],
    queryFn: ({ signal }) => call<StoredEvent>('GET', pathOf(id), { signal }),
  });
}

/** @param matched those that matched, or those that did not */
export function rulesOfEventQuery(id: string, matched: boolean) {
  return infiniteQueryOptions({
    queryKey: ['rules-of-event', id, matched],
    queryFn: ({ pageParam, signal }) =>
      call<Page<RuleOfEvent>>('GET', `${pathOf(id)}/rules`, {
        query: { matched, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });
}

/** @returns which rules matched, and why others did not @throws ApiProblem when it is no valid event */
export function sendEvent(event: unknown): Promise<AcceptedEvent> {
  return call('POST', '/v1/events', { query: { explain: true }, body: event });
}

function pathOf(id: string): string {
  return `/v1/events/${encodeURIComponent(id)}`;
}
