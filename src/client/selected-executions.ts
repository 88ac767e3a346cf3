import type { Client } from '@temporalio/client';
import type { BulkOperation } from '../shared/bulk-operation';
import type { EscalatedExecution } from '../shared/escalations';
import type { ExecutionFilter } from '../shared/execution-filter';
import { countExecutions, InvalidCursorError, listExecutions, type ExecutionSummary } from './executions';
import { restartIdOf } from './restart-id';

/** Executions that are looked for at once: their ids are part of one query, 12 KB long. */
const CHUNK = 200;

/** Where it is kept which executions a notice told of. See `Escalations` of the store. */
export interface NoticeRecord {
  ofNotice(
    workspace: string,
    noticeId: string,
    page: { offset: number; limit: number },
  ): Promise<Pick<EscalatedExecution, 'executionId'>[]>;
}

/** Which executions a bulk operation acts on. */
export type Selection = BulkOperation['filter'] & { workspace: string };

interface Places {
  client: Client;
  notices: NoticeRecord;
}

/** How many executions a selection has. @throws ServiceError when Temporal is away; StoreAwayError */
export async function countSelected({ client, notices }: Places, selection: Selection): Promise<number> {
  const { noticeId, ...filter } = selection;
  if (noticeId === undefined) return countExecutions(client, filter);
  let count = 0;
  for await (const executionIds of noticed(notices, filter.workspace, noticeId)) {
    count += await countExecutions(client, { ...filter, executionIds });
  }
  return count;
}

/** How many of the executions that a notice told of were restarted. @throws as `countSelected` */
export async function countRestarted(
  { client, notices }: Places,
  { workspace, noticeId }: { workspace: string; noticeId: string },
): Promise<number> {
  let count = 0;
  for await (const executionIds of noticed(notices, workspace, noticeId)) {
    count += await countExecutions(client, { workspace, executionIds: executionIds.map(restartIdOf) });
  }
  return count;
}

/**
 * A page of the executions of a selection. Those that a notice told of come in the order in which they were escalated; a page
 * of them may be empty before the last one.
 *
 * @throws ServiceError when Temporal is away; StoreAwayError; InvalidCursorError
 */
export async function pageOfSelected(
  { client, notices }: Places,
  selection: Selection,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: ExecutionSummary[]; nextCursor: string | null }> {
  const { noticeId, ...filter } = selection;
  if (noticeId === undefined) return listExecutions(client, filter, { limit, cursor });
  const offset = offsetOf(cursor);
  const told = await notices.ofNotice(filter.workspace, noticeId, { offset, limit });
  const executionIds = told.map(({ executionId }) => executionId);
  const found = executionIds.length === 0 ? undefined : await findAll(client, { ...filter, executionIds });
  return {
    items: executionIds.flatMap((id) => found?.get(id) ?? []),
    nextCursor: told.length < limit ? null : String(offset + limit),
  };
}

/** @throws InvalidCursorError */
function offsetOf(cursor = '0'): number {
  if (!/^\d{1,9}$/.test(cursor)) throw new InvalidCursorError();
  return Number(cursor);
}

/** By their ids, each once: one that was reset is listed with each of its runs. */
async function findAll(client: Client, filter: ExecutionFilter): Promise<Map<string, ExecutionSummary>> {
  const found = new Map<string, ExecutionSummary>();
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await listExecutions(client, filter, { limit: CHUNK, cursor });
    for (const item of page.items) found.set(item.execution_id, item);
    cursor = page.nextCursor;
  }
  return found;
}

/** The ids of the executions that a notice told of, some at a time. */
async function* noticed(
  notices: NoticeRecord,
  workspace: string,
  noticeId: string,
): AsyncGenerator<string[]> {
  for (let offset = 0; ; offset += CHUNK) {
    const told = await notices.ofNotice(workspace, noticeId, { offset, limit: CHUNK });
    if (told.length > 0) yield told.map(({ executionId }) => executionId);
    if (told.length < CHUNK) return;
  }
}
