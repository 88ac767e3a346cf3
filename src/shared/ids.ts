import { v5 as uuidv5 } from 'uuid';
import type { Notice, NoticeTarget } from './notices';

/** The workspace that is there from the first start on. */
export const DEFAULT_WORKSPACE = 'default';

/** The task queue on which executions and their activities run. */
export const TASK_QUEUE = 'rule-webhooks';

const EXECUTION_PREFIX = 'rule-execution/';

/** The Temporal workflow id of an execution: starting it twice is refused by Temporal itself. */
export function workflowIdOf(executionId: string): string {
  return `${EXECUTION_PREFIX}${executionId}`;
}

/** The execution that a Temporal workflow id names; undefined when it is that of something else. */
export function executionIdIn(workflowId: string): string | undefined {
  return workflowId.startsWith(EXECUTION_PREFIX) ? workflowId.slice(EXECUTION_PREFIX.length) : undefined;
}

/** Made once for this product. */
const EVENTS = 'c2b6f0a4-5d7e-4f38-9b1c-7a0e4d2f6835';

/**
 * The Temporal workflow id of the dispatcher of an event.
 *
 * @param eventKey the id under which the event is on record. Of any characters, and as long as it likes: on a server with an
 *   SQL database a workflow id has 255 characters at most
 */
export function dispatchWorkflowIdOf(workspace: string, eventKey: string): string {
  return `event-dispatch/${workspace}/${uuidv5(eventKey, EVENTS)}`;
}

/** The Temporal workflow id of a bulk operation. */
export function bulkWorkflowIdOf(workspace: string, id: string): string {
  return `bulk-operation/${workspace}/${id}`;
}

/** The Temporal workflow id of the digest of a rule's escalations. */
export function digestWorkflowIdOf(workspace: string, ruleId: string): string {
  return `escalation-digest/${workspace}/${ruleId}`;
}

/** The Temporal workflow id of the disabling of a destination: one for each outage. */
export function disablingWorkflowIdOf(outage: {
  workspace: string;
  origin: string;
  failingSince: string;
}): string {
  return `disable-destination/${outage.workspace}/${uuidv5(`${outage.origin} ${outage.failingSince}`, EVENTS)}`;
}

/** Names one notice to one target: the same however often it is made. A UUID. */
export function noticeIdOf(workspace: string, notice: Notice, target: NoticeTarget): string {
  const to = target.kind === 'mail' ? target.address.toLowerCase() : target.channelId;
  return uuidv5([workspace, notice.type, subjectOf(notice), target.kind, to].join('\n'), EVENTS);
}

/** What makes one notice another than one of its type. */
function subjectOf(notice: Notice): string {
  switch (notice.type) {
    case 'escalation.created':
      return notice.escalated.executionId;
    case 'escalations.gathered':
      return notice.digestId;
    case 'destination.disabled':
    case 'destination.recovered':
      return `${notice.origin} ${notice.failingSince}`;
  }
}

/** The Temporal workflow id of the sending of a notice. */
export function noticeWorkflowIdOf({ workspace, id }: { workspace: string; id: string }): string {
  return `send-notice/${workspace}/${id}`;
}

/** The Temporal workflow id of the telling that a destination works again: one for each outage. */
export function recoveryWorkflowIdOf(outage: {
  workspace: string;
  origin: string;
  failingSince: string;
}): string {
  return `announce-recovery/${outage.workspace}/${uuidv5(`${outage.origin} ${outage.failingSince}`, EVENTS)}`;
}

/** Ids of the Temporal schedules of all rules begin so. */
export const SCHEDULE_ID_PREFIX = 'rule-schedule/';

/** The id of the Temporal schedule of a rule. Neither a workspace's id nor a rule's has a `/`. */
export function scheduleIdOf(workspace: string, ruleId: string): string {
  return `${SCHEDULE_ID_PREFIX}${workspace}/${ruleId}`;
}

/** What the Temporal workflow ids of a rule's runs begin with: Temporal adds the time at which each is due. */
export function scheduledRunWorkflowIdOf(workspace: string, ruleId: string): string {
  return `rule-schedule-run/${workspace}/${ruleId}`;
}
