import type { WebhookSender } from '../delivery/send';
import type { MailTransport } from '../mail/transport';
import type { Rulebook } from '../rules/rulebook';
import { readContextFromHistory } from './call-context';
import { createDeliverWebhook } from './deliver-webhook';
import { createEscalate } from './escalate';

/** The activities of a worker. Their names are recorded in histories: never renamed. */
export function createActivities(deps: {
  rulebook: Rulebook;
  sender: WebhookSender;
  mail: Pick<MailTransport, 'send'>;
  /** The sender of escalation e-mails. An address. */
  mailFrom: string;
  /** See RULE_GONE_GRACE_MS. */
  ruleGoneGraceMs: number;
}) {
  return {
    deliverWebhook: createDeliverWebhook({ ...deps, readContext: readContextFromHistory }),
    escalate: createEscalate({ ...deps, from: deps.mailFrom }),
  };
}

export type Activities = ReturnType<typeof createActivities>;
