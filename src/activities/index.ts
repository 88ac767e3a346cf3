import { createAuthorizedSender } from '../delivery/authorized-sender';
import type { WebhookSender } from '../delivery/send';
import type { CallSettingsSource } from '../destinations/call-settings';
import type { MailTransport } from '../mail/transport';
import type { Rulebook } from '../rules/rulebook';
import { readContextFromHistory } from './call-context';
import type { CallRoom } from './call-room';
import { createDeliverWebhook } from './deliver-webhook';
import type { DestinationRecord } from './destination-health';
import { createEscalate } from './escalate';
import { createStartExecutions, type StartBatch } from './start-executions';

/** The activities of a worker. Their names are recorded in histories: never renamed. */
export function createActivities(deps: {
  rulebook: Rulebook;
  callSettings: CallSettingsSource;
  room: CallRoom;
  sender: WebhookSender;
  destinations: DestinationRecord;
  mail: Pick<MailTransport, 'send'>;
  /** The sender of escalation e-mails. An address. */
  mailFrom: string;
  /** See RULE_GONE_GRACE_MS. */
  ruleGoneGraceMs: number;
  startBatch: StartBatch;
}) {
  return {
    deliverWebhook: createDeliverWebhook({
      ...deps,
      sender: createAuthorizedSender(deps.sender),
      readContext: readContextFromHistory,
    }),
    escalate: createEscalate({ ...deps, from: deps.mailFrom }),
    startExecutions: createStartExecutions(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
