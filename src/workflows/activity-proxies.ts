import {
  ActivityCancellationType,
  proxyActivities,
  proxyLocalActivities,
  type ActivityOptions,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index';

/**
 * One attempt of a webhook. The retries here are for faults of our own (a worker that died, a store that is away): a
 * failed call is not retryable, its schedule is the workflow's.
 */
export const { deliverWebhook } = proxyActivities<Pick<Activities, 'deliverWebhook'>>({
  // 5 s for the call, the rest for reading the rule. A worker that died is noticed after this.
  startToCloseTimeout: '15 seconds',
  // All workers may be away for a week before the call counts as failed.
  scheduleToCloseTimeout: '7 days',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  // A call that has left is waited for (5 s at most), so that its answer is on record when a cancelled execution ends.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** The first attempt of an execution, once, within its workflow task. What comes of none is left to `deliverWebhook`. */
export const { deliverAtOnce } = proxyLocalActivities<Pick<Activities, 'deliverAtOnce'>>({
  startToCloseTimeout: '15 seconds',
  retry: { maximumAttempts: 1 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** The e-mail to the owner. It outlives a long outage of the mail server. */
export const { escalate } = proxyActivities<Pick<Activities, 'escalate'>>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '30 days',
  retry: { initialInterval: '10 seconds', backoffCoefficient: 2, maximumInterval: '30 minutes' },
  // A mail that is on its way may arrive: the execution then ends as escalated.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** A batch of starts. The event was accepted, so its executions must come to be, however long the store or Temporal is away. */
export const { startExecutions } = proxyActivities<Pick<Activities, 'startExecutions'>>({
  // Fifty starts take a second or so; a slow server is given the time. A worker that died is noticed after this.
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '30 days',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  // What was begun is waited for: once the dispatcher has ended, nothing more is started.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** Some of the executions of a rule's run by the clock. As a batch of a dispatcher's starts. */
export const { startScheduledRuns } = proxyActivities<Pick<Activities, 'startScheduledRuns'>>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '30 days',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** Parts of a bulk operation. Somebody asked for it, so it is carried out, however long the store or Temporal is away. */
const bulkOptions: ActivityOptions = {
  // Fifty updates take a second or so, and each waits for a worker.
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '30 days',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  // What was begun is waited for: once the operation has ended, nothing more is done.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};
export const { countSelected } = proxyActivities<Pick<Activities, 'countSelected'>>(bulkOptions);
export const { actOnBatch } = proxyActivities<Pick<Activities, 'actOnBatch'>>({
  ...bulkOptions,
  // A worker that died is noticed after this; see HEARTBEAT_MS.
  heartbeatTimeout: '10 seconds',
});

/** Disabling a destination, and the e-mails about it: each outlives a long outage of the store or of the mail server. */
export const { disableDestination, tellOfDisabling } = proxyActivities<
  Pick<Activities, 'disableDestination' | 'tellOfDisabling'>
>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '30 days',
  retry: { initialInterval: '10 seconds', backoffCoefficient: 2, maximumInterval: '30 minutes' },
});

/** The digest of a rule's escalations. It outlives a long outage of the store or of the mail server. */
export const { gatherEscalations, sendDigest } = proxyActivities<
  Pick<Activities, 'gatherEscalations' | 'sendDigest'>
>({
  startToCloseTimeout: '2 minutes',
  // Without an end: what was gathered must be told.
  retry: { initialInterval: '10 seconds', backoffCoefficient: 2, maximumInterval: '30 minutes' },
});

/** One notice to one target. Like the e-mail to the owner, it outlives a long outage of where it goes. */
export const { deliverNotice } = proxyActivities<Pick<Activities, 'deliverNotice'>>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '30 days',
  retry: { initialInterval: '10 seconds', backoffCoefficient: 2, maximumInterval: '30 minutes' },
  // A message that is on its way may arrive: the workflow then ends as completed.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** Telling that a destination works again. It outlives a long outage of the store. */
export const { announceRecovery } = proxyActivities<Pick<Activities, 'announceRecovery'>>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '30 days',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 minutes' },
});
