import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { GRPC_STATUS, grpcStatusOf } from '../temporal/grpc-status';
import type { Rulebook } from '../rules/rulebook';
import type { ActionOutcome, ActionRequest, ExecutionAction } from '../shared/execution-actions';
import { workflowIdOf } from '../shared/ids';
import { pause, release, resume, retryNow } from '../workflows/messages';
import { belongsTo } from './executions';
import { restartExecution } from './restart-execution';

/**
 * Does something to an execution. What is asked for twice by one `requestId` is done once.
 *
 * @throws ServiceError when Temporal is away. For updates, a worker must answer: it waits until one does
 */
export async function actOnExecution(
  { client, rulebook }: { client: Client; rulebook: Rulebook },
  request: ActionRequest,
): Promise<ActionOutcome> {
  const { action, workspace, executionId } = request;
  if (!(await belongsTo(client, workspace, executionId))) return { outcome: 'not-found' };
  if (action === 'restart' || action === 'restart_from_failed') {
    const from = action === 'restart' ? 'start' : 'failed';
    return restartExecution({ client, rulebook }, { workspace, executionId, from });
  }
  try {
    return { outcome: 'done', ...(await order(client, action, request)) };
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      return { outcome: 'refused', reason: error.cause?.message ?? error.message };
    }
    // It is there, as was seen above: so it has ended.
    if (error instanceof WorkflowNotFoundError || grpcStatusOf(error) === GRPC_STATUS.NOT_FOUND) {
      return { outcome: 'refused', reason: 'the execution has ended' };
    }
    throw error;
  }
}

/** What a running execution is told. */
async function order(
  client: Client,
  action: Exclude<ExecutionAction, 'restart' | 'restart_from_failed'>,
  { executionId, by, reason, requestId }: ActionRequest,
): Promise<{ attempt?: number }> {
  const handle = client.workflow.getHandle(workflowIdOf(executionId));
  switch (action) {
    case 'retry':
      return update(handle, retryNow, requestId);
    case 'pause':
      await update(handle, pause, requestId);
      return {};
    case 'resume':
      await update(handle, resume, requestId);
      return {};
    case 'release':
      await handle.signal(release);
      return {};
    case 'cancel':
      await client.workflowService.requestCancelWorkflowExecution({
        namespace: client.options.namespace,
        workflowExecution: { workflowId: handle.workflowId },
        identity: by,
        reason: reason ?? '',
        ...(requestId !== undefined && { requestId }),
      });
      return {};
  }
}

/** @param updateId makes the same request again the same update */
function update<T>(
  handle: WorkflowHandle,
  definition: UpdateDefinition<T>,
  updateId: string | undefined,
): Promise<T> {
  return handle.executeUpdate(definition, updateId === undefined ? {} : { updateId });
}
