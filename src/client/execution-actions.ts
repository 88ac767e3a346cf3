import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { GRPC_STATUS, grpcStatusOf } from '../temporal/grpc-status';
import type { Tracer } from '../tracing/tracing';
import type { Rulebook } from '../rules/rulebook';
import type { ActionOutcome, ActionRequest, ExecutionAction } from '../shared/execution-actions';
import { workflowIdOf } from '../shared/ids';
import { pause, release, resume, retryNow } from '../workflows/messages';
import { cancellationOf } from './cancellation-of';
import { belongsTo } from './executions';
import { historyEvents } from './history-pages';
import { restartExecution } from './restart-execution';

const HAS_ENDED: ActionOutcome = { outcome: 'refused', reason: 'the execution has ended' };

/**
 * Does something to an execution. What is asked for twice by one `requestId` is done once.
 *
 * @throws ServiceError when Temporal is away. For updates, a worker must answer: it waits until one does
 */
export async function actOnExecution(
  { client, rulebook, tracer }: { client: Client; rulebook: Rulebook; tracer?: Tracer | undefined },
  request: ActionRequest,
): Promise<ActionOutcome> {
  const { action, workspace, executionId, requestId, fromStep } = request;
  if (!(await belongsTo(client, workspace, executionId))) return { outcome: 'not-found' };
  if (action === 'restart' || action === 'restart_from_failed') {
    const whole = fromStep === undefined ? 'start' : { step: fromStep };
    const from = action === 'restart' ? whole : 'failed';
    return restartExecution({ client, rulebook, tracer }, { workspace, executionId, from, requestId });
  }
  if (action === 'cancel') return cancel(client, request);
  try {
    return { outcome: 'done', ...(await order(client, action, request)) };
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      return { outcome: 'refused', reason: error.cause?.message ?? error.message };
    }
    // It is there, as was seen above: so it has ended.
    if (error instanceof WorkflowNotFoundError || grpcStatusOf(error) === GRPC_STATUS.NOT_FOUND) {
      return HAS_ENDED;
    }
    throw error;
  }
}

/** What a running execution is told. */
async function order(
  client: Client,
  action: Exclude<ExecutionAction, 'cancel' | 'restart' | 'restart_from_failed'>,
  { executionId, requestId }: ActionRequest,
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
  }
}

/** Temporal accepts a cancellation of what has ended, and does nothing: so it is looked at first. */
async function cancel(client: Client, request: ActionRequest): Promise<ActionOutcome> {
  const { executionId, reason = '', requestId } = request;
  const handle = client.workflow.getHandle(workflowIdOf(executionId));
  const { status } = await handle.describe();
  if (status.name !== 'RUNNING') {
    return (await wasCancelledBy(client, request)) ? { outcome: 'done' } : HAS_ENDED;
  }
  await client.workflowService.requestCancelWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: handle.workflowId },
    identity: cancellerOf(request),
    reason,
    ...(requestId !== undefined && { requestId }),
  });
  return { outcome: 'done' };
}

/** Who cancels, as Temporal puts it on record: with the request when that may be repeated, so that it is known again. */
function cancellerOf({ by, requestId }: Pick<ActionRequest, 'by' | 'requestId'>): string {
  return requestId === undefined ? by : `${by} (bulk operation ${requestId})`;
}

/** Whether an execution that has ended was cancelled by this very request. */
async function wasCancelledBy(client: Client, request: ActionRequest): Promise<boolean> {
  if (request.requestId === undefined) return false;
  const events = historyEvents(client, request.executionId, { follow: false });
  for await (const { workflowExecutionCancelRequestedEventAttributes: asked } of events) {
    if (asked && cancellationOf(asked).by === cancellerOf(request)) return true;
  }
  return false;
}

/** @param updateId makes the same request again the same update */
function update<T>(
  handle: WorkflowHandle,
  definition: UpdateDefinition<T>,
  updateId: string | undefined,
): Promise<T> {
  return handle.executeUpdate(definition, updateId === undefined ? {} : { updateId });
}
