import { DEFAULT_WORKSPACE } from '../shared/ids';
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

/** The visibility query that finds the executions of a filter. */
export function executionQuery(filter: ExecutionFilter): string {
  const { workspace, ruleId, domain, status, eventId, eventType, test } = filter;
  const { destination, startedFrom, startedBefore, endedFrom, endedBefore } = filter;
  const conditions = [
    `WorkflowType = 'executeRule'`,
    workspaceCondition(workspace),
    equal('RuleId', ruleId),
    equal('RuleDomain', domain),
    equal('RuleEventId', eventId),
    equal('RuleEventType', eventType),
    status && statusConditions[status],
    test === undefined ? undefined : test ? 'RuleTest = true' : '(RuleTest IS NULL OR RuleTest = false)',
    destination === undefined ? undefined : destinationCondition(destination),
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

function equal(name: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${name} = ${literal(value)}`;
}

/** A text in a visibility query: a keyword has nothing in it that would end the quotes. */
export function literal(text: string): string {
  return `'${keyword(text)}'`;
}
