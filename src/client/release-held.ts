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
}

/**
 * Has held executions look at once whether they may go on, at a limited rate. Those that it misses look by themselves,
 * within an hour.
 *
 * @throws ServiceError when Temporal is away
 */
export async function releaseHeld(
  client: Client,
  perSecond: number,
  { workspace, by, which }: Release,
): Promise<void> {
  await startBulkOperation(client, {
    id: randomUUID(),
    workspace,
    action: 'release',
    filter: { ...which, status: 'held' },
    perSecond,
    requestedBy: by,
  });
}
