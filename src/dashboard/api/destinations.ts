import { infiniteQueryOptions, queryOptions } from '@tanstack/preact-query';
import type { z } from 'zod';
import type { callStatistics } from '../../api/schemas/call-statistics';
import type { calledDestination, signingKey } from '../../api/schemas/destination';
import { call } from './client';
import type { Page } from './types';

export type SigningKey = z.output<typeof signingKey>;

export type CallStatistics = z.output<typeof callStatistics>;
/** With how calls to it went in the last 24 hours. */
export type Destination = z.output<typeof calledDestination>;

export type DestinationSettings = Pick<Destination, 'auth' | 'tls' | 'limits'>;

const PAGE_SIZE = 50;

/** Calls change how a destination stands while somebody looks. */
const LOOKS_AGAIN_MS = 10_000;

export const destinationsQuery = infiniteQueryOptions({
  queryKey: ['destinations'],
  queryFn: ({ pageParam, signal }) =>
    call<Page<Destination>>('GET', '/v1/destinations', {
      query: { limit: PAGE_SIZE, cursor: pageParam },
      signal,
    }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor }) => next_cursor,
  refetchInterval: LOOKS_AGAIN_MS,
});

export function destinationQuery(origin: string) {
  return queryOptions({
    queryKey: ['destination', origin],
    queryFn: ({ signal }) => call<Destination>('GET', pathOf(origin), { signal }),
    refetchInterval: LOOKS_AGAIN_MS,
  });
}

export function callStatisticsQuery(origin: string, hours: number) {
  return queryOptions({
    queryKey: ['call-statistics', origin, hours],
    queryFn: ({ signal }) =>
      call<CallStatistics>('GET', `${pathOf(origin)}/calls`, { query: { hours }, signal }),
  });
}

/** How many executions are held because of a destination. */
export function heldCountQuery(origin: string) {
  return queryOptions({
    queryKey: ['held-count', origin],
    queryFn: ({ signal }) =>
      call<{ count: number }>('GET', '/v1/executions/count', {
        query: { destination: origin, status: 'held' },
        signal,
      }),
    refetchInterval: LOOKS_AGAIN_MS,
  });
}

/** @param version the one that is replaced; 0: nothing was set before @throws ApiProblem, 412 when somebody was faster */
export function putDestination(
  origin: string,
  settings: DestinationSettings,
  version: number,
): Promise<Destination> {
  return call('PUT', pathOf(origin), {
    body: settings,
    headers: version === 0 ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` },
  });
}

export function disableDestination(origin: string, reason: string): Promise<Destination> {
  return call('POST', `${pathOf(origin)}/disable`, { body: reason === '' ? {} : { reason } });
}

export function enableDestination(origin: string): Promise<Destination> {
  return call('POST', `${pathOf(origin)}/enable`);
}

/** @returns the new key, with its secret when there is one to be told */
export function rotateSigningKey(
  origin: string,
  given: { algorithm: SigningKey['algorithm']; overlap_hours: number },
): Promise<SigningKey & { secret: string | null }> {
  return call('POST', `${pathOf(origin)}/signing-keys`, { body: given });
}

export function revokeSigningKey(origin: string, id: string): Promise<void> {
  return call('DELETE', `${pathOf(origin)}/signing-keys/${encodeURIComponent(id)}`);
}

function pathOf(origin: string): string {
  return `/v1/destinations/${encodeURIComponent(origin)}`;
}
