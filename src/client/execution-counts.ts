import type { Client } from '@temporalio/client';
import { statusCondition } from './execution-query';
import type { ExecutionSummary } from './executions';

/** How many executions of all workspaces stand how. */
export type ExecutionCounts = Record<ExecutionSummary['status'], number>;

const ALL = `WorkflowType = 'executeRule'`;

/** What Temporal calls them, for as far as it can tell them apart by itself. */
const ENDED: ReadonlyMap<unknown, 'delivered' | 'cancelled' | 'failed' | 'terminated'> = new Map([
  ['Completed', 'delivered'],
  ['Canceled', 'cancelled'],
  ['Failed', 'failed'],
  ['TimedOut', 'failed'],
  ['Terminated', 'terminated'],
]);

/** What executions say of themselves, and what Temporal's own count has them as. */
const TOLD = [
  ['waiting_for_retry', 'delivering'],
  ['held', 'delivering'],
  ['paused', 'delivering'],
  ['escalating', 'delivering'],
  ['escalated', 'delivered'],
  ['abandoned', 'delivered'],
] as const;

/**
 * Counts the executions that Temporal still has. Seven questions to its visibility, one after the other: a server takes 10
 * a second unless it is told otherwise. Executions move meanwhile, so the counts add up but are not of one moment.
 *
 * @throws ServiceError when Temporal is away
 */
export async function countByStatus(client: Pick<Client, 'workflow'>): Promise<ExecutionCounts> {
  const counts = nothing();
  const { groups } = await client.workflow.count(`${ALL} GROUP BY ExecutionStatus`);
  for (const { count, groupValues } of groups) {
    counts[ENDED.get(groupValues[0]?.[0]) ?? 'delivering'] += count;
  }
  for (const [status, among] of TOLD) {
    const { count } = await client.workflow.count(`${ALL} AND ${statusCondition(status)}`);
    counts[status] = Math.min(count, counts[among]);
    counts[among] -= counts[status];
  }
  return counts;
}

function nothing(): ExecutionCounts {
  return {
    delivering: 0,
    waiting_for_retry: 0,
    held: 0,
    paused: 0,
    escalating: 0,
    delivered: 0,
    escalated: 0,
    abandoned: 0,
    cancelled: 0,
    failed: 0,
    terminated: 0,
  };
}
