import { setTimeout as delay } from 'node:timers/promises';
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { RoomAnswer, RoomRequest } from '../delivery/room/room';
import type { DestinationLimits } from '../destinations/settings';
import { failureTypes } from '../shared/activity-failures';
import { MAX_WAIT_HERE_MS } from '../shared/limits';

/** Where calls find room at their destinations. Answers at once, from memory. */
export interface CallRoom {
  enter(request: RoomRequest): RoomAnswer;
}

const NOT_SET: DestinationLimits = { max_concurrent: null, requests_per_second: null, burst: null };

/**
 * Waits for room for what the running activity is about to do: here for a moment, and otherwise in Temporal, which costs
 * neither a workflow task nor an event of the history.
 *
 * @param waitMs for how long it is waited here. Milliseconds
 * @returns what to call when it has been done
 * @throws ApplicationFailure of type `NoRoom`, after which Temporal runs the activity again when room is expected
 */
export async function enterRoom(
  room: CallRoom,
  {
    workspace = '',
    isRetry = false,
    limits = NOT_SET,
    ...call
  }: Pick<RoomRequest, 'to' | 'id'> & Partial<Pick<RoomRequest, 'workspace' | 'limits' | 'isRetry'>>,
  waitMs = MAX_WAIT_HERE_MS,
): Promise<() => void> {
  const { scheduledTimestampMs: since, attempt } = activityInfo();
  const end = performance.now() + waitMs;
  for (let isBack = attempt > 1; ; isBack = true) {
    const answer = room.enter({ ...call, workspace, limits, isRetry, since, isBack });
    if ('leave' in answer) return answer.leave;
    if (performance.now() + answer.comeAgainInMs > end) throw noRoom(answer.reason, answer.comeAgainInMs);
    await delay(answer.comeAgainInMs);
  }
}

function noRoom(reason: string, comeAgainInMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.noRoom,
    message: reason,
    nextRetryDelay: comeAgainInMs,
    // Nobody's trouble: it counts in no error metric and fills no error log.
    category: ApplicationFailureCategory.BENIGN,
  });
}
