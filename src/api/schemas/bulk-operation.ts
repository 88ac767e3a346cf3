import { z } from 'zod';
import { executionSummary } from './execution';
import { filterBody } from './execution-filter';
import { idParam } from './ids';
import { reason } from './reason';
import type { BulkOperationDetail } from '../../client/bulk-operations';
import { slug } from '../../rules/text';
import { EXECUTION_ACTIONS } from '../../shared/execution-actions';
import { DEFAULT_BULK_RATE, MAX_BULK_RATE } from '../../shared/limits';

/** Which executions are acted on. All that are given must hold. */
const selectionBody = filterBody.extend({
  notice: idParam.optional().meta({
    description:
      'Told of by this notice: the id stands in the e-mail. Of an execution that had one of its own, it is the execution’s.',
  }),
});

export type SelectionBody = z.output<typeof selectionBody>;

export const bulkOperationBody = z.strictObject({
  id: slug.optional().meta({ description: 'Names the operation; one is made when it is absent.' }),
  action: z.enum(EXECUTION_ACTIONS).meta({
    description:
      '`retry`: those that wait, now; `release`: held ones look now whether they may go on; `restart` and ' +
      '`restart_from_failed`: those that have ended.',
  }),
  filter: selectionBody.prefault({}),
  all: z.boolean().default(false).meta({ description: 'Needed for an empty filter.' }),
  per_second: z.int().min(1).max(MAX_BULK_RATE).default(DEFAULT_BULK_RATE),
  reason: reason.optional().meta({ description: 'Of a cancellation.' }),
  dry_run: z.boolean().default(false),
});

export const bulkSelection = z
  .object({ count: z.int(), sample: z.array(executionSummary) })
  .meta({ id: 'BulkSelection', description: 'What an operation would be about.' });

export const bulkOperationSummary = z
  .object({
    id: z.string(),
    status: z.enum(['running', 'ended', 'failed']),
    started_at: z.iso.datetime(),
    ended_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'BulkOperationSummary' });

export const bulkOperationDetail = bulkOperationSummary
  .extend({
    progress: z
      .object({
        selected: z.int().meta({ description: 'How many executions there were when it began.' }),
        done: z.int(),
        refused: z.record(z.string(), z.int()).meta({ description: 'By reason.' }),
        examples: z.array(z.object({ execution_id: z.string(), reason: z.string() })),
        cancelled: z.boolean(),
      })
      .nullable(),
  })
  .meta({ id: 'BulkOperation' });

export function bulkOperationAnswer({
  progress,
  ...summary
}: BulkOperationDetail): z.input<typeof bulkOperationDetail> {
  if (progress === null) return { ...summary, progress };
  const { selected, done, refused, examples, cancelled = false } = progress;
  const shown = examples.map(({ executionId, reason: why }) => ({ execution_id: executionId, reason: why }));
  return { ...summary, progress: { selected, done, refused, examples: shown, cancelled } };
}
