import { continueAsNew, setCurrentDetails, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import type { BulkBatch, BulkOperation, BulkProgress } from '../shared/bulk-operation';
import { bulkSelection } from '../shared/bulk-selection';
import { BULK_BATCH, MAX_BATCHES_PER_RUN, MAX_BULK_EXAMPLES, MAX_BULK_REASONS } from '../shared/limits';
import { actOnBatch, countSelected } from './activity-proxies';
import { isCancelled } from './cancellation';
import { getBulkOperation } from './messages';

/**
 * Does one thing to many executions, batch after batch, at a limited rate. An execution that a repeated batch meets again is
 * acted on once. Cancelled, it ends after the batch that is under way, and says what was done.
 */
export async function bulkOperation(operation: BulkOperation): Promise<BulkProgress> {
  const { progress: earlier, cursor: begin, ...rest } = operation;
  const begunAt = workflowInfo().startTime.toISOString();
  const asked = { ...rest, filter: bulkSelection(rest.action, rest.filter, begunAt) };
  const progress: BulkProgress = earlier ?? { selected: 0, done: 0, refused: {}, examples: [] };
  setHandler(getBulkOperation, () => progress, { description: 'How far the operation is' });
  try {
    if (earlier === undefined) progress.selected = await countSelected(asked);
    let cursor = begin;
    const size = Math.min(BULK_BATCH, asked.perSecond);
    for (let batches = 1; ; batches += 1) {
      tell(asked, progress);
      const batch = await actOnBatch({ operation: asked, size, cursor });
      add(progress, batch);
      ({ cursor } = batch);
      if (cursor === undefined) break;
      await sleep((size / asked.perSecond) * 1_000);
      if (batches >= MAX_BATCHES_PER_RUN || workflowInfo().continueAsNewSuggested) {
        await continueAsNew<typeof bulkOperation>({ ...asked, progress, cursor });
      }
    }
  } catch (error) {
    if (!isCancelled(error)) throw error;
    progress.cancelled = true;
  }
  tell(asked, progress);
  return progress;
}

function add(progress: BulkProgress, { done, refused }: BulkBatch): void {
  progress.done += done;
  for (const { executionId, reason } of refused) {
    const isCounted = reason in progress.refused || Object.keys(progress.refused).length < MAX_BULK_REASONS;
    const counted = isCounted ? reason : 'other reasons';
    progress.refused[counted] = (progress.refused[counted] ?? 0) + 1;
    if (progress.examples.length < MAX_BULK_EXAMPLES) progress.examples.push({ executionId, reason });
  }
}

function tell({ action }: BulkOperation, { selected, done, refused, cancelled }: BulkProgress): void {
  const reasons = Object.entries(refused).map(([reason, count]) => `${count} refused: ${reason}.`);
  const facts = [`${action}: ${done} of ${selected} done.`, ...reasons, ...(cancelled ? ['Cancelled.'] : [])];
  setCurrentDetails(facts.join('\n\n'));
}
