import { validate as isUuid } from 'uuid';
import { DEFAULT_WORKSPACE, workflowIdOf } from '../shared/ids';
import { parseUrl } from '../shared/parse-url';
import { keyword } from '../shared/search-attributes';
import type { ExecutionFilter } from '../shared/execution-filter';

/** What Temporal's visibility must find for each status. `RuleStatus` is written on the failure path only: see Progress. */
const statusConditions: Record<NonNullable<ExecutionFilter['status']>, string> = {
  running: `ExecutionStatus = 'Running'`,
  delivering: `ExecutionStatus = 'Running' AND (RuleStatus IS NULL OR RuleStatus = 'delivering')`,
  waiting_for_retry: `ExecutionStatus = 'Running' AND RuleStatus = 'waiting_for_retry'`,
  held: `ExecutionStatus = 'Running' AND RuleStatus = 'held'`,
  paused: `ExecutionStatus = 'Running' AND RuleStatus = 'paused'`,
  escalating: `ExecutionStatus = 'Running' AND RuleStatus = 'escalating'`,
  delivered: `ExecutionStatus = 'Completed' AND (RuleStatus IS NULL OR RuleStatus = 'delivered')`,
  escalated: `ExecutionStatus = 'Completed' AND RuleStatus = 'escalated'`,
  abandoned: `ExecutionStatus = 'Completed' AND RuleStatus = 'abandoned'`,
  cancelled: `ExecutionStatus = 'Canceled'`,
  failed: `(ExecutionStatus = 'Failed' OR ExecutionStatus = 'TimedOut')`,
  terminated: `ExecutionStatus = 'Terminated'`,
};

/** What finds the executions of a status. */
export function statusCondition(status: NonNullable<ExecutionFilter['status']>): string {
  return statusConditions[status];
}

/** The visibility query that finds the executions of a filter. */
export function executionQuery(filter: ExecutionFilter): string {
  const { workspace, ruleId, domain, status, eventId, eventType, test, search } = filter;
  const { executionIds, destination, startedFrom, startedBefore, endedFrom, endedBefore } = filter;
  const conditions = [
    `WorkflowType = 'executeRule'`,
    workspaceCondition(workspace),
    executionIds && `WorkflowId IN (${executionIds.map((id) => literal(workflowIdOf(id))).join(', ')})`,
    equal('RuleId', ruleId),
    equal('RuleDomain', domain),
    equal('RuleEventId', eventId),
    equal('RuleEventType', eventType),
    status && statusConditions[status],
    filter.statuses && `(${filter.statuses.map((each) => `(${statusConditions[each]})`).join(' OR ')})`,
    test === undefined ? undefined : test ? 'RuleTest = true' : '(RuleTest IS NULL OR RuleTest = false)',
    destination === undefined ? undefined : destinationCondition(destination),
    search === undefined ? undefined : searchCondition(search),
    startedFrom && `StartTime >= ${literal(startedFrom)}`,
    startedBefore && `StartTime < ${literal(startedBefore)}`,
    endedFrom && `CloseTime >= ${literal(endedFrom)}`,
    endedBefore && `CloseTime < ${literal(endedBefore)}`,
  ];
  return conditions.filter((condition) => condition !== undefined).join(' AND ');
}

/** Executions from before there were workspaces have none. */
function workspaceCondition(workspace: string): string {
  const own = `RuleWorkspace = ${literal(workspace)}`;
  return workspace === DEFAULT_WORKSPACE ? `(${own} OR RuleWorkspace IS NULL)` : own;
}

function destinationCondition(origin: string): string {
  const text = literal(keyword(origin));
  return `(RuleDestination = ${text} OR (RuleDestination IS NULL AND RuleDestinations = ${text}))`;
}

/** What letters a domain may have. */
const BEGINNING_OF_DOMAIN = /^[\p{L}\p{M}\p{N}_.-]+$/u;

/** Whatever the text may be is looked for at once: an event's id can look like a UUID, a domain or a URL. */
function searchCondition(text: string): string {
  const origin = originOf(text);
  const conditions = [
    equal('RuleEventId', text),
    equal('RuleId', text),
    isUuid(text) && `WorkflowId = ${literal(workflowIdOf(text.toLowerCase()))}`,
    BEGINNING_OF_DOMAIN.test(text) && `RuleDomain STARTS_WITH ${literal(text.toLowerCase())}`,
    origin !== undefined && `RuleDestination = ${literal(origin)} OR RuleDestinations = ${literal(origin)}`,
  ];
  return `(${conditions.filter((condition) => condition !== false).join(' OR ')})`;
}

function originOf(text: string): string | undefined {
  const url = parseUrl(text);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.origin : undefined;
}

function equal(name: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${name} = ${literal(value)}`;
}

/** A text in a visibility query: a keyword has nothing in it that would end the quotes. */
export function literal(text: string): string {
  return `'${keyword(text)}'`;
}
