import { infiniteQueryOptions } from '@tanstack/preact-query';
import { call } from './client';
import type { Page } from './types';

export type Role = 'admin' | 'editor' | 'viewer' | 'sender' | 'decoder';

/** A key, without what makes it one. */
export interface ApiKey {
  id: string;
  name: string;
  role: Role;
  created_at: string;
  created_by: string;
  revoked_at: string | null;
}

const PAGE_SIZE = 50;

export const apiKeysQuery = infiniteQueryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ pageParam, signal }) =>
    call<Page<ApiKey>>('GET', '/v1/api-keys', { query: { limit: PAGE_SIZE, cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor }) => next_cursor,
});

/** @returns with the key itself, which is never answered again */
export function createApiKey(given: { name: string; role: Role }): Promise<ApiKey & { key: string }> {
  return call('POST', '/v1/api-keys', { body: given });
}

/** @throws ApiProblem, 409 when it is the one that asks */
export function revokeApiKey(id: string): Promise<void> {
  return call('DELETE', `/v1/api-keys/${encodeURIComponent(id)}`);
}
