import { infiniteQueryOptions, queryOptions } from '@tanstack/preact-query';
import type { Json, JsonObject } from '../../shared/json';
import { withoutStamps } from '../rules/document';
import type { FieldProblem } from '../rules/problems';
import { call, callForResponse } from './client';
import type { Page } from './types';

/** A rule as the service keeps it. */
export interface StoredRule {
  id: string;
  document: JsonObject;
  version: number;
  updated_at: string;
  updated_by: string;
}

export interface RuleVersion {
  version: number;
  action: 'created' | 'updated' | 'deleted';
  document: JsonObject;
  changed_at: string;
  changed_by: string;
}

export interface Explanation {
  matches: boolean;
  reason: string;
  trigger?: JsonObject;
}

interface AcceptedTrial {
  event_id: string;
  executions: { execution_id: string }[];
}

type Answer = JsonObject & { id: string; version: number; updated_at: string; updated_by: string };

const PAGE_SIZE = 200;
const VERSIONS_SHOWN = 25;

function ruleOf(answer: Answer): StoredRule {
  const { id, version, updated_at, updated_by } = answer;
  return { id, version, updated_at, updated_by, document: withoutStamps(answer) };
}

export const rulesQuery = infiniteQueryOptions({
  queryKey: ['rules'],
  queryFn: async ({ pageParam, signal }): Promise<Page<StoredRule>> => {
    const page = await call<Page<Answer>>('GET', '/v1/rules', {
      query: { limit: PAGE_SIZE, cursor: pageParam },
      signal,
    });
    return { ...page, items: page.items.map(ruleOf) };
  },
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor: cursor }) => cursor,
});

export function ruleQuery(id: string) {
  return queryOptions({
    queryKey: ['rule', id],
    queryFn: async ({ signal }) => ruleOf(await call<Answer>('GET', at(id), { signal })),
  });
}

export function ruleVersionsQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ['rule', id, 'versions'],
    queryFn: ({ pageParam, signal }) =>
      call<Page<RuleVersion>>('GET', `${at(id)}/versions`, {
        query: { limit: VERSIONS_SHOWN, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: cursor }) => cursor,
  });
}

/**
 * What the service finds wrong with a rule, which is not saved by this.
 *
 * @param isNew a rule by the same id is a problem then
 */
export function ruleCheckQuery(document: JsonObject, isNew: boolean) {
  return queryOptions({
    queryKey: ['rule-check', document, isNew],
    queryFn: async ({ signal }): Promise<FieldProblem[]> => {
      const { problems, outcome } = await call<{ problems: FieldProblem[]; outcome: string | null }>(
        'POST',
        '/v1/rules/check',
        { body: document, signal },
      );
      const isTaken = isNew && outcome !== null && outcome !== 'created';
      return isTaken ? [{ path: 'id', message: 'is the id of another rule' }] : problems;
    },
    gcTime: 60_000,
  });
}

/** @throws ApiProblem 409 when there is a rule by that id, 422 with what is wrong */
export async function createRule(document: JsonObject): Promise<StoredRule> {
  return ruleOf(await call<Answer>('POST', '/v1/rules', { body: document }));
}

/** @param version which is replaced @throws ApiProblem 412 when somebody else has changed it, 422 with what is wrong */
export async function replaceRule(id: string, version: number, document: JsonObject): Promise<StoredRule> {
  return ruleOf(await call<Answer>('PUT', at(id), { body: document, headers: ifMatch(version) }));
}

/** Brings a deleted rule back. @throws ApiProblem 412 when there is one by that id again */
export async function recreateRule(id: string, document: JsonObject): Promise<StoredRule> {
  return ruleOf(await call<Answer>('PUT', at(id), { body: document, headers: { 'if-none-match': '*' } }));
}

export async function setPaused(id: string, isPaused: boolean): Promise<StoredRule> {
  return ruleOf(await call<Answer>('POST', `${at(id)}/${isPaused ? 'pause' : 'resume'}`));
}

/** @throws ApiProblem 412 when somebody has changed it since */
export async function deleteRule(id: string, version: number): Promise<void> {
  await callForResponse('DELETE', at(id), { headers: ifMatch(version) });
}

/** Runs a rule once. @param event absent: one is made up that the rule fires for */
export function tryRule(id: string, event?: Json): Promise<AcceptedTrial> {
  return call('POST', `${at(id)}/test`, event === undefined ? {} : { body: event });
}

/** Whether an event would match. */
export function explainRule(id: string, event: Json): Promise<Explanation> {
  return call('POST', `${at(id)}/explain`, { body: event });
}

function at(id: string): string {
  return `/v1/rules/${encodeURIComponent(id)}`;
}

function ifMatch(version: number): Record<string, string> {
  return { 'if-match': `"${version}"` };
}
