import { activityInfo, heartbeat } from '@temporalio/activity';
import type { BulkBatch, BulkOperation } from '../shared/bulk-operation';
import type { ActionOutcome, ActionRequest } from '../shared/execution-actions';
import { mapBounded } from '../shared/map-bounded';
import { enterRoom, type CallRoom } from './call-room';

/** Executions that are acted on at the same time. */
const CONCURRENT_ACTIONS = 10;

/** A batch says that it is alive, far more often than it must. Milliseconds. */
const HEARTBEAT_MS = 2_000;

/** Some of the executions that an operation is about. */
interface Page {
  items: { execution_id: string }[];
  nextCursor: string | null;
}

/** Which executions are meant. */
type Selection = BulkOperation['filter'] & { workspace: string };

/** Where executions are found and acted on. Every method throws while Temporal or the store is away. */
export interface OperatedExecutions {
  count(selection: Selection): Promise<number>;
  page(selection: Selection, page: { limit: number; cursor?: string | undefined }): Promise<Page>;
  act(request: ActionRequest): Promise<ActionOutcome>;
}

/** The parts of a bulk operation. Retried for days while Temporal or the store is away. */
export function createBulkActivities({
  executions,
  room,
}: {
  executions: OperatedExecutions;
  room: CallRoom;
}) {
  const filterOf = ({ workspace, filter }: BulkOperation) => ({ ...filter, workspace });
  return {
    /** How many executions an operation is about. */
    countSelected: (operation: BulkOperation): Promise<number> => executions.count(filterOf(operation)),

    /**
     * Acts on the executions of one page. One that is repeated acts once on each, and is about the same executions: those that
     * were acted on may not be listed any more, but count.
     */
    async actOnBatch({
      operation,
      size,
      cursor,
    }: {
      operation: BulkOperation;
      size: number;
      cursor?: string | undefined;
    }): Promise<BulkBatch> {
      const { id, workspace, action, requestedBy: by, reason } = operation;
      // One workspace's large operations leave slots to the calls of all.
      const leave = await enterRoom(room, { workspace, to: 'Temporal', id });
      let alive: NodeJS.Timeout | undefined;
      try {
        const page =
          (activityInfo().heartbeatDetails as Page | undefined) ??
          (await executions.page(filterOf(operation), { limit: size, cursor }));
        const { items, nextCursor } = page;
        const begun: Page = { items: items.map(({ execution_id }) => ({ execution_id })), nextCursor };
        heartbeat(begun);
        alive = setInterval(() => {
          heartbeat(begun);
        }, HEARTBEAT_MS);
        const batch: BulkBatch = { done: 0, refused: [], ...(nextCursor !== null && { cursor: nextCursor }) };
        await mapBounded(items, CONCURRENT_ACTIONS, async ({ execution_id: executionId }) => {
          const request = { action, workspace, executionId, by, reason, requestId: id };
          const outcome = await executions.act(request);
          if (outcome.outcome === 'done') batch.done += 1;
          else batch.refused.push({ executionId, reason: whyNot(outcome) });
        });
        return batch;
      } finally {
        clearInterval(alive);
        leave();
      }
    },
  };
}

function whyNot(outcome: Exclude<ActionOutcome, { outcome: 'done' }>): string {
  return outcome.outcome === 'refused' ? outcome.reason : 'it is not there any more';
}
