import { infiniteQueryOptions } from '@tanstack/preact-query';
import { call } from './client';
import type { Page } from './types';

/** Somebody who owns rules. */
export interface Member {
  id: string;
  name: string;
  email: string;
  version: number;
  updated_at: string;
}

const PAGE_SIZE = 50;

export const membersQuery = infiniteQueryOptions({
  queryKey: ['members'],
  queryFn: ({ pageParam, signal }) =>
    call<Page<Member>>('GET', '/v1/members', { query: { limit: PAGE_SIZE, cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor }) => next_cursor,
});

/** @param version of the one that is replaced; undefined: there must be none yet */
export function putMember(
  id: string,
  body: Pick<Member, 'name' | 'email'>,
  version?: number,
): Promise<Member> {
  return call('PUT', pathOf(id), {
    body,
    headers: version === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` },
  });
}

/** @throws ApiProblem, 409 while a rule is theirs */
export function deleteMember(id: string): Promise<void> {
  return call('DELETE', pathOf(id));
}

function pathOf(id: string): string {
  return `/v1/members/${encodeURIComponent(id)}`;
}
