import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { BulkOperation, BulkProgress } from '../shared/bulk-operation';
import { bulkWorkflowIdOf } from '../shared/ids';
import { within } from '../shared/within';
import { literal } from './execution-query';
import { isoTime } from './execution-summary';
import { getBulkOperation } from '../workflows/messages';
import type { bulkOperation } from '../workflows/bulk-operation';

/** How long a worker is waited for that says how far an operation is. Milliseconds. */
const QUERY_TIME_LIMIT_MS = 2_000;

/** A bulk operation as a list shows it. */
export interface BulkOperationSummary {
  id: string;
  /** `failed`: it could not be carried out for 30 days, or an operator ended it by force. */
  status: 'running' | 'ended' | 'failed';
  started_at: string;
  ended_at: string | null;
}

/** A bulk operation with how far it is; null: it has failed, or no worker answers. */
export interface BulkOperationDetail extends BulkOperationSummary {
  progress: BulkProgress | null;
}

/** The bulk operations of a workspace, newest first. @throws ServiceError when Temporal is away */
export async function listBulkOperations(
  client: Client,
  workspace: string,
  limit: number,
): Promise<BulkOperationSummary[]> {
  const query = `WorkflowType = 'bulkOperation' AND RuleWorkspace = ${literal(workspace)} AND ExecutionStatus != 'ContinuedAsNew'`;
  const { namespace } = client.options;
  const { executions } = await client.workflowService.listWorkflowExecutions({
    namespace,
    query,
    pageSize: limit,
  });
  return executions.map(({ execution, status, startTime, closeTime }) => ({
    id: (execution?.workflowId ?? '').slice(bulkWorkflowIdOf(workspace, '').length),
    status: statusOf(status),
    started_at: isoTime(startTime) ?? '',
    ended_at: isoTime(closeTime),
  }));
}

/**
 * One bulk operation. Of a running one a worker is asked how far it is.
 *
 * @returns undefined when the workspace has none by that id
 * @throws ServiceError when Temporal is away
 */
export async function showBulkOperation(
  client: Client,
  { workspace, id }: Pick<BulkOperation, 'workspace' | 'id'>,
): Promise<BulkOperationDetail | undefined> {
  const handle = client.workflow.getHandle<typeof bulkOperation>(bulkWorkflowIdOf(workspace, id));
  try {
    const { status, startTime, closeTime } = await handle.describe();
    const shown = {
      id,
      status: statusOf(status.code),
      started_at: startTime.toISOString(),
      ended_at: closeTime?.toISOString() ?? null,
    };
    if (shown.status === 'failed') return { ...shown, progress: null };
    const progress = shown.status === 'ended' ? await handle.result() : await progressOf(client, handle);
    return { ...shown, progress };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

async function progressOf(
  client: Client,
  handle: WorkflowHandle<typeof bulkOperation>,
): Promise<BulkProgress | null> {
  try {
    const asked = client.withDeadline(Date.now() + QUERY_TIME_LIMIT_MS, () => handle.query(getBulkOperation));
    // The SDK tries again beyond the deadline.
    return await within(QUERY_TIME_LIMIT_MS, asked, () => null);
  } catch {
    // Temporal has just described it: so it is that no worker answers.
    return null;
  }
}

/** Whether the workspace has, or lately had, a bulk operation by that id. @throws ServiceError when Temporal is away */
export async function isBulkOperation(
  client: Client,
  { workspace, id }: Pick<BulkOperation, 'workspace' | 'id'>,
): Promise<boolean> {
  return isFound(client.workflow.getHandle(bulkWorkflowIdOf(workspace, id)).describe());
}

/** Ends a bulk operation after the batch that is under way. @returns false when it does not run */
export async function cancelBulkOperation(
  client: Client,
  { workspace, id }: Pick<BulkOperation, 'workspace' | 'id'>,
): Promise<boolean> {
  return isFound(client.workflow.getHandle(bulkWorkflowIdOf(workspace, id)).cancel());
}

async function isFound(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

const { WorkflowExecutionStatus } = temporal.api.enums.v1;

function statusOf(status: unknown): BulkOperationSummary['status'] {
  if (status === WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING) return 'running';
  return status === WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED ? 'ended' : 'failed';
}
