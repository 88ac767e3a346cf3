import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../shared/activity-failures';
import { enterRoom, type CallRoom } from './call-room';
import type { MatchBatch, StartedBatch } from '../shared/event-dispatch';

/** Starts some of an event's executions; undefined when the event is not on record any more. May be repeated. */
export type StartBatch = (batch: MatchBatch) => Promise<StartedBatch | undefined>;

/** Starts one batch of the executions of an event. Throws while Temporal or the store is away: it is retried for days. */
export function createStartExecutions({ startBatch, room }: { startBatch: StartBatch; room: CallRoom }) {
  return async function startExecutions(batch: MatchBatch): Promise<StartedBatch> {
    const { workspace, eventKey } = batch;
    // One workspace's large events leave slots to the calls of all.
    const leave = await enterRoom(room, { workspace, to: 'Temporal', id: eventKey });
    const done = await startBatch(batch).finally(leave);
    if (done !== undefined) return done;
    throw ApplicationFailure.create({
      type: failureTypes.eventGone,
      message: `event ${batch.eventKey} is not on record any more`,
      nonRetryable: true,
    });
  };
}
