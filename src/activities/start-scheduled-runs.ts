import { enterRoom, type CallRoom } from './call-room';
import type { RunBatch, RunBatchRequest } from '../shared/scheduled-run';

/** Starts some of the executions of a rule's run by the clock. May be repeated. */
export type StartScheduledRuns = (request: RunBatchRequest) => Promise<RunBatch>;

/** The same as an activity. Throws while Temporal or the store is away: it is retried for days. */
export function createStartScheduledRuns({
  startScheduledRuns: start,
  room,
}: {
  startScheduledRuns: StartScheduledRuns;
  room: CallRoom;
}) {
  return async function startScheduledRuns(request: RunBatchRequest): Promise<RunBatch> {
    const { workspace, ruleId } = request;
    // One workspace's large groups leave slots to the calls of all.
    const leave = await enterRoom(room, { workspace, to: 'Temporal', id: ruleId });
    return start(request).finally(leave);
  };
}
