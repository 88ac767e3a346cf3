import { createAuthorizedSender } from '../delivery/authorized-sender';
import type { WebhookSender } from '../delivery/send';
import type { CallSettingsSource } from '../destinations/call-settings';
import type { MailTransport } from '../mail/transport';
import type { Rulebook } from '../rules/rulebook';
import { createBulkActivities, type OperatedExecutions } from './bulk';
import { readContextFromHistory } from './call-context';
import type { CallRoom } from './call-room';
import { createDeliverWebhook } from './deliver-webhook';
import type { CountedCalls, DestinationRecord, DisableDestination } from './destination-health';
import { createDisableActivities, type DestinationSwitch } from './disable-destination';
import { createDigestActivities, type GatheredRecord } from './escalation-digest';
import { createEscalate, type EscalationRecord, type StartDigest } from './escalate';
import { createStartExecutions, type StartBatch } from './start-executions';

/** The activities of a worker. Their names are recorded in histories: never renamed. */
export function createActivities(deps: {
  rulebook: Rulebook;
  callSettings: CallSettingsSource;
  room: CallRoom;
  sender: WebhookSender;
  destinations: DestinationRecord;
  destinationSwitch: DestinationSwitch;
  disable: DisableDestination;
  calls: CountedCalls;
  mail: Pick<MailTransport, 'send'>;
  /** The sender of escalation e-mails. An address. */
  mailFrom: string;
  /** See RULE_GONE_GRACE_MS. */
  ruleGoneGraceMs: number;
  escalations: EscalationRecord & GatheredRecord;
  startDigest: StartDigest;
  /** See ESCALATION_DIGEST. Milliseconds. */
  escalationDigestMs: number;
  startBatch: StartBatch;
  executions: OperatedExecutions;
}) {
  return {
    deliverWebhook: createDeliverWebhook({
      ...deps,
      sender: createAuthorizedSender(deps.sender),
      readContext: readContextFromHistory,
    }),
    escalate: createEscalate({ ...deps, from: deps.mailFrom }),
    ...createDigestActivities(deps),
    startExecutions: createStartExecutions(deps),
    ...createBulkActivities(deps),
    ...createDisableActivities(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
