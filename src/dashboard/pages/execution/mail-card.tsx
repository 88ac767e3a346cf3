import type { Execution } from '../../api/types';
import { localTime } from '../../ui/time';

/** The e-mail by which the owner was told, or the one that lists this execution among others. */
export function MailCard({ escalation }: { escalation: NonNullable<Execution['escalation']> }) {
  const { to, sent_at: sentAt, message_id: messageId, mail, digest } = escalation;
  if (mail === null && digest === null) return null;
  return (
    <section class="card" aria-labelledby="mail">
      <div class="card-head">
        <h2 id="mail">The e-mail</h2>
      </div>
      <div class="card-body stack-small">
        <dl class="facts">
          <div>
            <dt>To</dt>
            <dd>{to}</dd>
          </div>
          {sentAt !== null && (
            <div>
              <dt>Sent</dt>
              <dd>{localTime(sentAt)}</dd>
            </div>
          )}
          {messageId !== null && (
            <div>
              <dt>Message-ID</dt>
              <dd class="mono break">{messageId}</dd>
            </div>
          )}
          {digest !== null && (
            <div>
              <dt>Digest</dt>
              <dd class="mono break">{digest.id}</dd>
            </div>
          )}
        </dl>
        {digest !== null && (
          <p>
            {digest.executions === 1
              ? 'The digest tells of this execution alone.'
              : `The digest tells of ${digest.executions} executions together.`}
          </p>
        )}
        {mail !== null && (
          <>
            <h3>{mail.subject}</h3>
            <p class="mail-text break">{mail.text.trimEnd()}</p>
            <p class="faint">Its links are left out: whoever has them may restart the execution.</p>
          </>
        )}
      </div>
    </section>
  );
}
