import { infiniteQueryOptions } from '@tanstack/preact-query';
import { call } from './client';
import type { Credential } from './credential';
import type { Page } from './types';

const PAGE_SIZE = 50;

export const credentialsQuery = infiniteQueryOptions({
  queryKey: ['credentials'],
  queryFn: ({ pageParam, signal }) =>
    call<Page<Credential>>('GET', '/v1/credentials', {
      query: { limit: PAGE_SIZE, cursor: pageParam },
      signal,
    }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor }) => next_cursor,
});

/** @param version of the one that is replaced; undefined: there must be none yet */
export function putCredential(id: string, body: object, version?: number): Promise<Credential> {
  return call('PUT', pathOf(id), {
    body,
    headers: version === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` },
  });
}

/** @throws ApiProblem, 409 while a rule or a destination names it */
export function deleteCredential(id: string): Promise<void> {
  return call('DELETE', pathOf(id));
}

function pathOf(id: string): string {
  return `/v1/credentials/${encodeURIComponent(id)}`;
}
