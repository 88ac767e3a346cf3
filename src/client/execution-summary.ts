import { tsToMs } from '@temporalio/common/lib/time';
import { decodeTypedSearchAttributes } from '@temporalio/common/lib/converter/payload-search-attributes';
import { temporal, type google } from '@temporalio/proto';
import {
  RULE_DOMAIN,
  RULE_EVENT_ID,
  RULE_EVENT_TYPE,
  RULE_ID,
  RULE_NEXT_RETRY,
  RULE_STATUS,
  RULE_TEST,
  textOfKeyword,
} from '../shared/search-attributes';
import type { ExecutionStatus } from '../shared/execution-status';
import type { ExecutionSummary } from './executions';

const { WorkflowExecutionStatus } = temporal.api.enums.v1;

/** Reads an entry of a list. */
export function executionSummary(info: temporal.api.workflow.v1.IWorkflowExecutionInfo): ExecutionSummary {
  const attributes = decodeTypedSearchAttributes(info.searchAttributes?.indexedFields);
  const workflowId = info.execution?.workflowId ?? '';
  const eventId = attributes.get(RULE_EVENT_ID);
  const status = statusOf(info.status, attributes.get(RULE_STATUS));
  return {
    execution_id: workflowId.slice(workflowId.indexOf('/') + 1),
    workflow_id: workflowId,
    rule: { id: attributes.get(RULE_ID) ?? '' },
    domain: attributes.get(RULE_DOMAIN) ?? null,
    event: {
      id: eventId === undefined ? null : textOfKeyword(eventId),
      type: attributes.get(RULE_EVENT_TYPE) ?? '',
    },
    status,
    test: attributes.get(RULE_TEST) ?? false,
    started_at: isoTime(info.startTime) ?? '',
    ended_at: isoTime(info.closeTime),
    // One that was terminated in a wait still has it.
    next_retry_at:
      status === 'waiting_for_retry' ? (attributes.get(RULE_NEXT_RETRY)?.toISOString() ?? null) : null,
  };
}

/** How an execution that ended in another way than by its own result is called. */
const endings = new Map<unknown, ExecutionSummary['status']>([
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED, 'cancelled'],
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_FAILED, 'failed'],
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TIMED_OUT, 'failed'],
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED, 'terminated'],
]);

/** @param told what the execution said of itself, if it did: a straight success says nothing, nor does a call */
function statusOf(status: unknown, told: string | undefined): ExecutionSummary['status'] {
  const silent =
    status === WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED ? 'delivered' : 'delivering';
  return endings.get(status) ?? ((told ?? silent) as ExecutionStatus);
}

/** ISO 8601, UTC; null when there is none. */
export function isoTime(time: google.protobuf.ITimestamp | null | undefined): string | null {
  return time ? new Date(tsToMs(time)).toISOString() : null;
}
