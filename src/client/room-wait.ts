import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow';
import { temporal } from '@temporalio/proto';
import { failureTypes } from '../shared/activity-failures';
import { workflowIdOf } from '../shared/ids';
import { isoTime } from './execution-summary';

const { PENDING_ACTIVITY_STATE_SCHEDULED } = temporal.api.enums.v1.PendingActivityState;

/** A call that waits for room at its destination: history does not show it, because it is no attempt. */
export interface RoomWait {
  /** For people, e.g. `no room at https://example.com: calls under way: 20`. */
  reason: string;
  /** When it looks for room again. ISO 8601, UTC. */
  until: string | null;
}

/**
 * Whether the call that an execution is about to make waits for room.
 *
 * @throws ServiceError when Temporal is away, or has no such execution
 */
export async function roomWaitOf(client: Client, executionId: string): Promise<RoomWait | undefined> {
  const { raw } = await client.workflow.getHandle(workflowIdOf(executionId)).describe();
  const waiting = raw.pendingActivities?.find(({ state }) => state === PENDING_ACTIVITY_STATE_SCHEDULED);
  const { loadedDataConverter } = client.options;
  const failure = await decodeOptionalFailureToOptionalError(loadedDataConverter, waiting?.lastFailure);
  if (!(failure instanceof ApplicationFailure) || failure.type !== failureTypes.noRoom) return undefined;
  return { reason: failure.message, until: isoTime(waiting?.nextAttemptScheduleTime) };
}
