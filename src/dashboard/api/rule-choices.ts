import { queryOptions } from '@tanstack/preact-query';
import type { JsonObject } from '../../shared/json';
import { call } from './client';
import type { Page } from './types';

/** What a rule can name: people choose from it. */
export interface Choices {
  portfolios: { id: string; name: string }[];
  members: { id: string; name: string; email: string }[];
  credentials: { id: string; kind: string; origins: string[] }[];
  event_types: { name: string; description: string | null }[];
  channels: { id: string; name?: string; kind?: string }[];
  issue_types: string[];
}

/** As many as are offered. What is not among them can be written all the same. */
const OFFERED = 200;

/** Changes seldom. Milliseconds. */
const STALE_MS = 60_000;

function listQuery<Name extends Exclude<keyof Choices, 'issue_types'>>(name: Name, path: string) {
  return queryOptions({
    queryKey: ['choices', name],
    queryFn: async ({ signal }) =>
      (await call<Page<Choices[Name][number]>>('GET', path, { query: { limit: OFFERED }, signal })).items,
    staleTime: STALE_MS,
  });
}

export const portfoliosQuery = listQuery('portfolios', '/v1/portfolios');
export const membersQuery = listQuery('members', '/v1/members');
export const credentialsQuery = listQuery('credentials', '/v1/credentials');
export const eventTypesQuery = listQuery('event_types', '/v1/event-types');
export const channelsQuery = listQuery('channels', '/v1/channels');

export const issueTypesQuery = queryOptions({
  queryKey: ['choices', 'issue_types'],
  queryFn: async ({ signal }) => Object.keys(await call<JsonObject>('GET', '/v1/issue-types', { signal })),
  staleTime: STALE_MS,
});
