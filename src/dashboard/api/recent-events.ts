import { queryOptions } from '@tanstack/preact-query';
import type { JsonObject } from '../../shared/json';
import { call } from './client';
import type { Page } from './types';

export interface RecentEvent {
  event_id: string;
  type: string;
  domain: string | null;
  received_at: string;
}

/** As many as somebody chooses from. */
const OFFERED = 30;

/** What came in last. */
export const recentEventsQuery = queryOptions({
  queryKey: ['events', 'recent'],
  queryFn: async ({ signal }) =>
    (await call<Page<RecentEvent>>('GET', '/v1/events', { query: { limit: OFFERED }, signal })).items,
});

/** An event as it was sent. */
export async function readEvent(id: string): Promise<JsonObject> {
  const { event } = await call<{ event: JsonObject }>('GET', `/v1/events/${encodeURIComponent(id)}`);
  return event;
}
