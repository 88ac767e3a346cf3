import { infiniteQueryOptions, queryOptions } from '@tanstack/preact-query';
import type { z } from 'zod';
import type { bareScorecard, importedScorecard, scorecard } from '../../api/schemas/scorecard';
import { call } from './client';
import type { Page } from './types';

export type Scorecard = z.output<typeof scorecard>;
export type BareScorecard = z.output<typeof bareScorecard>;
export type ImportedScorecard = z.input<typeof importedScorecard>;

export interface Portfolio {
  id: string;
  name: string | null;
  /** How many it has. */
  scorecards: number;
  version: number;
  updated_at: string;
}

/** Which scorecards are listed. As in the address of the page, and in the API's query. */
export interface ScorecardFilter {
  mine?: string;
  followed?: string;
  domain?: string;
}

const PAGE_SIZE = 50;

export function scorecardsQuery(filter: ScorecardFilter) {
  return infiniteQueryOptions({
    queryKey: ['scorecards', filter],
    queryFn: ({ pageParam, signal }) =>
      call<Page<Scorecard>>('GET', '/v1/scorecards', {
        query: { ...filter, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });
}

/** @param version of the one that is replaced; undefined: there must be none yet */
export function putScorecard(
  id: string,
  body: Pick<Scorecard, 'domain' | 'mine' | 'followed'>,
  version?: number,
): Promise<Scorecard> {
  return call('PUT', scorecardPath(id), { body, headers: conditionOf(version) });
}

export function deleteScorecard(id: string): Promise<void> {
  return call('DELETE', scorecardPath(id));
}

/** All of them, or none. @throws ApiProblem with a path such as `scorecards[3].id` for each that is not valid */
export function importScorecards(
  scorecards: readonly ImportedScorecard[],
  portfolio?: string,
): Promise<{ created: number; updated: number; unchanged: number }> {
  return call('POST', '/v1/scorecards/import', {
    body: { scorecards, ...(portfolio !== undefined && { portfolio }) },
  });
}

export const portfoliosQuery = infiniteQueryOptions({
  queryKey: ['portfolios'],
  queryFn: ({ pageParam, signal }) =>
    call<Page<Portfolio>>('GET', '/v1/portfolios', {
      query: { limit: PAGE_SIZE, cursor: pageParam },
      signal,
    }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor }) => next_cursor,
});

export function portfolioQuery(id: string) {
  return queryOptions({
    queryKey: ['portfolio', id],
    queryFn: ({ signal }) => call<Portfolio>('GET', portfolioPath(id), { signal }),
  });
}

export function portfolioMembersQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ['portfolio-members', id],
    queryFn: ({ pageParam, signal }) =>
      call<Page<BareScorecard>>('GET', `${portfolioPath(id)}/scorecards`, {
        query: { limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });
}

/** @param version of the one that is replaced; undefined: there must be none yet */
export function putPortfolio(id: string, name: string | null, version?: number): Promise<Portfolio> {
  return call('PUT', portfolioPath(id), { body: { name }, headers: conditionOf(version) });
}

/** @throws ApiProblem, 409 while a rule names it */
export function deletePortfolio(id: string): Promise<void> {
  return call('DELETE', portfolioPath(id));
}

/** Those that are not known are created. */
export function addToPortfolio(id: string, scorecards: readonly string[]): Promise<void> {
  return call('POST', `${portfolioPath(id)}/scorecards`, { body: { scorecards } });
}

export function removeFromPortfolio(id: string, scorecard: string): Promise<void> {
  return call('DELETE', `${portfolioPath(id)}/scorecards/${encodeURIComponent(scorecard)}`);
}

function scorecardPath(id: string): string {
  return `/v1/scorecards/${encodeURIComponent(id)}`;
}

function portfolioPath(id: string): string {
  return `/v1/portfolios/${encodeURIComponent(id)}`;
}

function conditionOf(version: number | undefined): Record<string, string> {
  return version === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` };
}
