import { createAuthorizedSender } from '../delivery/authorized-sender';
import type { WebhookSender } from '../delivery/send';
import type { CallSettingsSource } from '../destinations/call-settings';
import type { MailLinks } from '../mail/links';
import type { MailTransport } from '../mail/transport';
import type { Tracer } from '../tracing/tracing';
import type { Rulebook } from '../rules/rulebook';
import { createAnnounceRecovery, type EscalatedRules } from './announce-recovery';
import { createBulkActivities, type OperatedExecutions } from './bulk';
import { readContextFromHistory } from './call-context';
import type { CallRoom } from './call-room';
import { createDeliverAtOnce } from './deliver-at-once';
import { createDeliverNotice, type ChannelBook } from './deliver-notice';
import { createDeliverWebhook } from './deliver-webhook';
import type {
  AnnounceRecovery,
  CountedCalls,
  DestinationRecord,
  DisableDestination,
} from './destination-health';
import { createDisableActivities, type DestinationSwitch } from './disable-destination';
import { createDigestActivities, type GatheredRecord } from './escalation-digest';
import { createEscalate, type EscalationRecord, type StartDigest } from './escalate';
import { createStartExecutions, type StartBatch } from './start-executions';
import type { OthersTold } from './tell-others';
import { createStartScheduledRuns, type StartScheduledRuns } from './start-scheduled-runs';
import { DELIVERY, DELIVERY_AT_ONCE, ESCALATION, traced } from './traced';

/** The activities of a worker. Their names are recorded in histories: never renamed. */
export function createActivities(deps: {
  rulebook: Rulebook;
  callSettings: CallSettingsSource;
  room: CallRoom;
  sender: WebhookSender;
  destinations: DestinationRecord;
  destinationSwitch: DestinationSwitch;
  disable: DisableDestination;
  recovered: AnnounceRecovery;
  calls: CountedCalls;
  mail: Pick<MailTransport, 'send'>;
  /** The sender of escalation e-mails. An address. */
  mailFrom: string;
  links: MailLinks;
  /** See RULE_GONE_GRACE_MS. */
  ruleGoneGraceMs: number;
  escalations: EscalationRecord & GatheredRecord & EscalatedRules;
  startDigest: StartDigest;
  /** See ESCALATION_DIGEST. Milliseconds. */
  escalationDigestMs: number;
  startBatch: StartBatch;
  channels: ChannelBook;
  /** Where people open the service, without a slash at its end. */
  publicUrl: string;
  startScheduledRuns: StartScheduledRuns;
  executions: OperatedExecutions;
  others: OthersTold;
  /** Absent: nothing is traced. */
  tracer?: Tracer | undefined;
}) {
  const calling = { ...deps, sender: createAuthorizedSender(deps.sender, deps.tracer) };
  return {
    deliverWebhook: traced(
      deps.tracer,
      DELIVERY,
      createDeliverWebhook({ ...calling, readContext: readContextFromHistory }),
    ),
    deliverAtOnce: traced(deps.tracer, DELIVERY_AT_ONCE, createDeliverAtOnce(calling)),
    escalate: traced(deps.tracer, ESCALATION, createEscalate({ ...deps, from: deps.mailFrom })),
    ...createDigestActivities(deps),
    startExecutions: createStartExecutions(deps),
    startScheduledRuns: createStartScheduledRuns(deps),
    ...createBulkActivities(deps),
    ...createDisableActivities(deps),
    deliverNotice: createDeliverNotice(deps),
    announceRecovery: createAnnounceRecovery(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
