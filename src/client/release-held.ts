import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { ExecutionFilter } from '../shared/execution-filter';
import { startBulkOperation } from './start-bulk-operation';

/** Which held executions may go on, and who says so. */
export interface Release {
  workspace: string;
  by: string;
  /** Of a rule, or at a destination. */
  which: Pick<ExecutionFilter, 'ruleId' | 'destination'>;
  /** Whether those that wait for a retry look too: their rule was deleted, so that they call nothing any more. */
  endsRetries?: true;
}

/**
 * Has held executions look at once whether they may go on, at a limited rate. Those that it misses look by themselves,
 * within an hour; those that wait for a retry, at their next one.
 *
 * @throws ServiceError when Temporal is away
 */
export async function releaseHeld(
  client: Client,
  perSecond: number,
  { workspace, by: requestedBy, which, endsRetries }: Release,
): Promise<void> {
  const order = { workspace, perSecond, requestedBy };
  const held = { ...which, status: 'held' } as const;
  await startBulkOperation(client, { ...order, id: randomUUID(), action: 'release', filter: held });
  if (!endsRetries) return;
  const waiting = { ...which, status: 'waiting_for_retry' } as const;
  await startBulkOperation(client, { ...order, id: randomUUID(), action: 'retry', filter: waiting });
}
