import {
  CancelledFailure,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { DispatchProgress, EventDispatch, StartedBatch } from '../shared/event-dispatch';
import { DISPATCH_BATCH, MAX_BATCHES_PER_RUN } from '../shared/limits';
import { startExecutions } from './activity-proxies';
import { isCancelled } from './cancellation';
import { getDispatch } from './messages';

/**
 * Starts the executions of an event that matched many rules, batch after batch. Each start is refused by Temporal when it
 * was made before, so a batch that is repeated starts nothing twice.
 */
export async function dispatchEvent(dispatch: EventDispatch): Promise<StartedBatch> {
  const { workspace, eventKey, matched } = dispatch;
  const progress: DispatchProgress = dispatch.done ?? { offset: 0, started: 0, existed: 0 };
  setHandler(getDispatch, () => ({ ...progress, matched }), { description: 'How far the dispatcher is' });

  for (let batches = 0; progress.offset < matched; batches += 1) {
    if (batches >= MAX_BATCHES_PER_RUN || workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof dispatchEvent>({ ...dispatch, done: progress });
    }
    setCurrentDetails(`${progress.offset} of ${matched} executions are started.`);
    const { offset } = progress;
    const batch = await startBatch({ workspace, eventKey, offset, limit: DISPATCH_BATCH });
    progress.offset = Math.min(matched, offset + DISPATCH_BATCH);
    progress.started += batch.started;
    progress.existed += batch.existed;
  }
  const { started, existed } = progress;
  setCurrentDetails(
    `All of ${matched} executions are started${existed > 0 ? `, ${existed} of them before` : ''}.`,
  );
  return { started, existed };
}

async function startBatch(batch: Parameters<typeof startExecutions>[0]): Promise<StartedBatch> {
  try {
    return await startExecutions(batch);
  } catch (error) {
    if (isCancelled(error)) throw new CancelledFailure('the dispatcher was cancelled');
    throw error;
  }
}
