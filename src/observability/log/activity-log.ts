import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptors } from '@temporalio/worker';
import type { DeliverWebhookInput } from '../../activities/deliver-webhook';
import { failureTypes } from '../../shared/activity-failures';
import type { MadeAtOnce } from '../../shared/attempt-at-once';
import type { CallTiming, FailedAttempt } from '../../shared/called-webhook';
import type { Escalation } from '../../shared/execution';
import type { Hold } from '../../shared/hold';
import type { AddressedNotice } from '../../shared/notices';
import { parseUrl } from '../../shared/parse-url';
import { subjectOf } from './activity-subject';
import type { Logger } from './log';

/**
 * Tells what came of activities: of attempts, and of what people are told. What fails by a fault of ours, such as a store or
 * a mail server that is away, the SDK tells by itself; it learns here which execution that was about.
 */
export function activityLog(
  log: Logger,
): (context: { info: { activityType: string } }) => ActivityInterceptors {
  return ({ info: { activityType } }) => {
    let input: unknown;
    return {
      inbound: {
        async execute(call, next) {
          [input] = call.args;
          try {
            const result = await next(call);
            (RESULTS[activityType] ?? tellOfAttempt)(log, input, result);
            return result;
          } catch (error) {
            tellOfFailure(log, input, error);
            throw error;
          }
        },
      },
      outbound: {
        // `attempt` of the SDK is that of the activity: one attempt of a step may be several, as it waits for room.
        getLogAttributes: ({ attempt, ...attributes }, next) =>
          next({ ...attributes, activityAttempt: attempt, ...subjectOf(input) }),
      },
    };
  };
}

type Tell = (log: Logger, input: unknown, result: unknown) => void;

/** By activity, but for attempts. */
const RESULTS: Record<string, Tell> = {
  escalate: (log, input, result) => {
    if (!log.isLevelEnabled('info')) return;
    const { messageId, gatheredUntil } = result as Escalation;
    log.info({ ...subjectOf(input), messageId, gatheredUntil }, 'execution escalated');
  },
  sendDigest: (log, input, result) => {
    const { messageId } = result as { messageId: string };
    log.info({ ...subjectOf(input), messageId }, 'digest of escalations sent');
  },
  deliverNotice: (log, input) => {
    log.info(noticeFields(input), 'notice sent');
  },
  disableDestination: (log, input, result) => {
    if (!(result as { disabled: boolean }).disabled) return;
    const { reason, failingSince } = input as { reason: string; failingSince: string };
    log.warn({ ...subjectOf(input), reason, failingSince }, 'destination disabled');
  },
  announceRecovery: (log, input) => {
    log.info(subjectOf(input), 'destination works again');
  },
};

/** An attempt is known by what it answers, whatever the activity that makes it is called. */
const tellOfAttempt: Tell = (log, input, result) => {
  if (!log.isLevelEnabled('info') || typeof result !== 'object' || result === null) return;
  const made = result as MadeAtOnce;
  if ('skipped' in made) log.info({ ...subjectOf(input), outcome: 'skipped' }, 'step skipped');
  if ('failed' in made) tellOfFailedAttempt(log, input, made.failed);
  if (!('response' in made)) return;
  const { status } = made.response;
  const fields = { outcome: 'delivered', status, ...callFields(log, made) };
  log.info({ ...subjectOf(input), ...fields }, 'attempt delivered');
};

function tellOfFailedAttempt(
  log: Logger,
  input: unknown,
  attempt: Pick<FailedAttempt, 'error'> & Partial<FailedAttempt>,
): void {
  const { status, error, retryAfterMs } = attempt;
  const fields = { outcome: 'failed', status, error, retryAfterMs, ...callFields(log, attempt) };
  log.info({ ...subjectOf(input), ...fields }, 'attempt failed');
}

/** Of failures that are nobody's fault here: the SDK does not tell of those. */
function tellOfFailure(log: Logger, input: unknown, error: unknown): void {
  if (!log.isLevelEnabled('info') || !(error instanceof ApplicationFailure)) return;
  switch (error.type ?? '') {
    case failureTypes.attemptFailed:
      // One that was made before is recorded, and was told of then.
      if ((input as DeliverWebhookInput).made === undefined) {
        tellOfFailedAttempt(log, input, (error.details as [FailedAttempt])[0]);
      }
      return;
    case failureTypes.held: {
      const [{ reason, origin, lookAgainMs }] = error.details as [Hold];
      log.info({ ...subjectOf(input), outcome: 'held', reason, origin, lookAgainMs }, 'call held');
      return;
    }
    case failureTypes.noRoom:
      log.debug({ ...subjectOf(input), reason: error.message }, 'call waits for room');
      return;
    case failureTypes.noticeNotTaken:
      log.info({ ...noticeFields(input), error: error.message }, 'notice not taken');
      return;
  }
}

/** Never more of the URL than its origin, nor anything of what was sent and answered. */
function callFields(log: Logger, { url, durationMs, phases, startedAt }: Partial<CallTiming>) {
  return {
    origin: url === undefined ? undefined : parseUrl(url)?.origin,
    durationMs,
    ...(log.isLevelEnabled('debug') && { startedAt, phases }),
  };
}

function noticeFields(input: unknown) {
  const { id, workspace, notice, target } = input as AddressedNotice;
  const channelId = target.kind === 'channel' ? target.channelId : undefined;
  return { noticeId: id, workspace, noticeType: notice.type, to: target.kind, channelId };
}
