import { infiniteQueryOptions } from '@tanstack/preact-query';
import type { z } from 'zod';
import type { channel, channelTest, putChannel as savedChannel } from '../../api/schemas/channel';
import { call } from './client';
import type { Page } from './types';

export type Channel = z.output<typeof channel>;
export type SavedChannel = z.output<typeof savedChannel>;
export type ChannelTest = z.output<typeof channelTest>;

const PAGE_SIZE = 50;

export const channelsQuery = infiniteQueryOptions({
  queryKey: ['channels'],
  queryFn: ({ pageParam, signal }) =>
    call<Page<Channel>>('GET', '/v1/channels', { query: { limit: PAGE_SIZE, cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor }) => next_cursor,
});

/**
 * @param body without a URL: it stays as it is
 * @param version of the one that is replaced; undefined: there must be none yet
 */
export function putChannel(
  id: string,
  body: Pick<Channel, 'kind' | 'name'> & { url?: string },
  version?: number,
): Promise<SavedChannel> {
  return call('PUT', pathOf(id), {
    body,
    headers: version === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` },
  });
}

/** @throws ApiProblem, 409 while a rule names it */
export function deleteChannel(id: string): Promise<void> {
  return call('DELETE', pathOf(id));
}

/** Sends a message now. @returns what came of it, also when it was not taken */
export function testChannel(id: string): Promise<ChannelTest> {
  return call('POST', `${pathOf(id)}/test`);
}

function pathOf(id: string): string {
  return `/v1/channels/${encodeURIComponent(id)}`;
}
