import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { validate as isUuid } from 'uuid';
import type { Json } from '../shared/json';
import { GRPC_STATUS, grpcStatusOf } from '../temporal/grpc-status';
import type { ExecutionFilter } from '../shared/execution-filter';
import type { ExecutionStatus } from '../shared/execution-status';
import { executionDetail } from './execution-detail';
import { executionQuery } from './execution-query';
import { executionSummary } from './execution-summary';
import { ExecutionTimeline } from './execution-timeline';
import { historyEvents, type HistoryEvent } from './history-pages';
import { restartIdOf } from './restart-id';
import { roomWaitOf } from './room-wait';

/** An execution as a list shows it. */
export interface ExecutionSummary {
  execution_id: string;
  workflow_id: string;
  rule: { id: string };
  domain: string | null;
  event: { id: string | null; type: string };
  status: ExecutionStatus | 'terminated';
  test: boolean;
  started_at: string;
  ended_at: string | null;
  next_retry_at: string | null;
}

export interface ExecutionAttempt {
  /** Of its step, from 1. */
  number: number;
  url: string | null;
  /** As it was sent; null while that is not known (the call is under way and has a template, or could not be made). */
  request: {
    method: string;
    /** Null when that is not on record. */
    headers: Record<string, string> | null;
    body: string | null;
    truncated: boolean;
  } | null;
  started_at: string | null;
  duration_ms: number | null;
  status: number | null;
  /** Null when it was delivered. */
  error: string | null;
  response: {
    headers: Record<string, string>;
    body: string;
    encoding: 'utf8' | 'base64';
    truncated: boolean;
  } | null;
  /** Where its time went. Null when that is not on record. */
  timing: {
    dns_ms: number | null;
    connect_ms: number | null;
    tls_ms: number | null;
    first_byte_ms: number | null;
    body_ms: number | null;
    reused_connection: boolean;
  } | null;
}

/** A retry of a step, at its place in the schedule. */
export interface PlannedRetry {
  /** From 1. */
  number: number;
  planned_at: string;
  made_at: string | null;
  state: 'made' | 'due' | 'to_come' | 'not_needed';
}

/** An execution with its whole timeline. */
export interface ExecutionDetail extends Omit<ExecutionSummary, 'rule'> {
  rule: { id: string; version: string; name: string };
  created_at: string;
  trigger: Json;
  steps: {
    id: string;
    target: string;
    state:
      | 'pending'
      | 'kept'
      | 'delivering'
      | 'waiting_for_room'
      | 'waiting_for_retry'
      | 'held'
      | 'delivered'
      | 'failed'
      | 'skipped';
    /** Why it was skipped, is or was held until it was given up, or waits for room. */
    reason: string | null;
    attempts: ExecutionAttempt[];
    /** What it handed on to later steps. */
    answer: { url: string; status: number; body_bytes: number; truncated: boolean } | null;
    /** Empty before its first attempt. */
    schedule: PlannedRetry[];
  }[];
  next_retry: { number: number; of: number; at: string } | null;
  /** While it is held: why; when it looks again by itself; when it is given up. */
  hold: { reason: string; looks_again_at: string; until: string } | null;
  /** Who cancelled it, and why. */
  cancellation: { by: string; reason: string | null } | null;
  /** The execution that it makes good. */
  restart_of: string | null;
  /** The one that makes it good. */
  restarted_as: string | null;
  /** Without a mail of its own, it is listed in the digest that is due then. */
  escalation: {
    to: string;
    message_id: string | null;
    sent_at: string | null;
    gathered_until: string | null;
  } | null;
  /** Why it was abandoned. */
  reason: string | null;
}

/**
 * One page of executions: those that run, the newest first, then those that have ended, the latest first. Follows an
 * execution by a moment. A last page may be empty.
 *
 * @throws ServiceError when Temporal is away; InvalidCursorError
 */
export async function listExecutions(
  client: Client,
  filter: ExecutionFilter,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: ExecutionSummary[]; nextCursor: string | null }> {
  const query = { namespace: client.options.namespace, query: executionQuery(filter), pageSize: limit };
  const token = cursor === undefined ? undefined : pageTokenOf(cursor);
  const { executions, nextPageToken } = await (token
    ? pageAt(client, query, token)
    : client.workflowService.listWorkflowExecutions(query));
  return {
    items: executions.map(executionSummary),
    nextCursor: nextPageToken.length === 0 ? null : Buffer.from(nextPageToken).toString('base64url'),
  };
}

/** What servers answer to a page token that they cannot read: those with SQL visibility call it an error of their own. */
const TOKEN_REFUSED: readonly unknown[] = [
  GRPC_STATUS.UNKNOWN,
  GRPC_STATUS.INVALID_ARGUMENT,
  GRPC_STATUS.INTERNAL,
];

/** A page that does not begin at the beginning. @throws InvalidCursorError when only the token can be at fault */
async function pageAt(
  { workflowService }: Client,
  query: { namespace: string; query: string; pageSize: number },
  nextPageToken: Buffer,
): Promise<temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse> {
  try {
    return await workflowService.listWorkflowExecutions({ ...query, nextPageToken });
  } catch (error) {
    if (!TOKEN_REFUSED.includes(grpcStatusOf(error))) throw error;
    await workflowService.listWorkflowExecutions({ ...query, pageSize: 1 });
    throw new InvalidCursorError();
  }
}

/** @throws InvalidCursorError */
function pageTokenOf(cursor: string): Buffer {
  const token = Buffer.from(cursor, 'base64url');
  if (token.length === 0 || token.toString('base64url') !== cursor) throw new InvalidCursorError();
  return token;
}

/** How many executions there are. @throws ServiceError when Temporal is away */
export async function countExecutions(client: Client, filter: ExecutionFilter): Promise<number> {
  const { count } = await client.workflow.count(executionQuery(filter));
  return count;
}

/**
 * One execution, read from its history, and a call of it that waits for room from what is pending.
 *
 * @returns undefined when the workspace has none by that id
 * @throws ServiceError when Temporal is away
 */
export async function showExecution(
  client: Client,
  workspace: string,
  executionId: string,
): Promise<ExecutionDetail | undefined> {
  const timeline = new ExecutionTimeline(client.options.loadedDataConverter);
  for await (const event of knownHistory(client, executionId)) {
    await timeline.read(event);
    if (timeline.execution === undefined || timeline.workspace !== workspace) return undefined;
  }
  if (timeline.execution === undefined) return undefined;
  const roomWait = timeline.isCalling ? await roomWaitOf(client, executionId) : undefined;
  const restartedAs = timeline.ended === undefined ? undefined : await restartOf(client, executionId);
  return executionDetail(timeline.execution, timeline, { roomWait, restartedAs });
}

/** The execution that makes another one good, if there is one. @throws ServiceError when Temporal is away */
async function restartOf(client: Client, executionId: string): Promise<string | undefined> {
  const restartId = restartIdOf(executionId);
  const first = await knownHistory(client, restartId, 1).next();
  return first.done === true ? undefined : restartId;
}

/** Whether a workspace has an execution by this id. @throws ServiceError when Temporal is away */
export async function belongsTo(client: Client, workspace: string, executionId: string): Promise<boolean> {
  const timeline = new ExecutionTimeline(client.options.loadedDataConverter);
  for await (const event of knownHistory(client, executionId, 1)) {
    await timeline.read(event);
    break;
  }
  return timeline.execution !== undefined && timeline.workspace === workspace;
}

/** The history of an execution; of one that is not known, none. */
async function* knownHistory(
  client: Client,
  executionId: string,
  pageSize?: number,
): AsyncGenerator<HistoryEvent> {
  if (!isUuid(executionId)) return;
  try {
    yield* historyEvents(client, executionId, { follow: false, ...(pageSize && { pageSize }) });
  } catch (error) {
    if (grpcStatusOf(error) !== GRPC_STATUS.NOT_FOUND) throw error;
  }
}

/** The cursor is not one of this list. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';

  constructor() {
    super('the cursor is not one that a list gave');
  }
}
