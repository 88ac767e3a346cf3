import type { Execution } from '../../api/types';
import { localTime, Time } from '../../ui/time';

/** What there is to know about how it stands: what it waits for, who ended it, which mail was sent. */
export function ExecutionNotes({ execution }: { execution: Execution }) {
  const { next_retry: retry, hold, cancellation, escalation, reason } = execution;
  return (
    <>
      {retry !== null && (
        <p class="note warn">
          <span>
            Retry {retry.number} of {retry.of} <Time at={retry.at} />, at {localTime(retry.at)}.
          </span>
        </p>
      )}
      {hold !== null && (
        <p class="note warn">
          <span>
            Held: {hold.reason}. Looks again <Time at={hold.looks_again_at} />; is escalated{' '}
            <Time at={hold.until} /> if nothing changes.
          </span>
        </p>
      )}
      {execution.status === 'paused' && (
        <p class="note">Paused: no call is made until somebody resumes it.</p>
      )}
      {cancellation !== null && (
        <p class="note">
          Cancelled by {cancellation.by}
          {cancellation.reason === null ? '.' : `: ${cancellation.reason}`}
        </p>
      )}
      {escalation !== null && (
        <p class="note bad">
          <span>
            {escalation.gathered_until !== null ? (
              <>
                {escalation.digest === null ? 'To be listed' : 'Listed'} in a digest of this rule to{' '}
                {escalation.to}, due <Time at={escalation.gathered_until} />.
              </>
            ) : (
              <>
                E-mail to {escalation.to}{' '}
                {escalation.sent_at === null ? (
                  'is on its way.'
                ) : (
                  <>was sent at {localTime(escalation.sent_at)}.</>
                )}
              </>
            )}
          </span>
        </p>
      )}
      {reason !== null && <p class="note">{reason}</p>}
    </>
  );
}
