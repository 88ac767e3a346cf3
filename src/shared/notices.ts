import type { EscalatedExecution } from './escalations';

/**
 * What people are told besides the owner's e-mail. It goes into histories: no secret, and no URL of a channel, is in it.
 */
export type Notice =
  | { type: 'escalation.created'; escalated: EscalatedExecution }
  /** Those that a digest tells of: they are on record by its id. */
  | { type: 'escalations.gathered'; ruleId: string; digestId: string }
  | { type: 'destination.disabled'; origin: string; reason: string; failingSince: string; disabledAt: string }
  | { type: 'destination.recovered'; origin: string; failingSince: string; recoveredAt: string };

/** Whom one notice goes to. */
export type NoticeTarget =
  { kind: 'mail'; address: string; name?: string } | { kind: 'channel'; channelId: string };

/** Input of the workflow `sendNotice`: one notice to one target. */
export interface AddressedNotice {
  /** Follows from the notice and the target: names the message to its receiver. A UUID. */
  id: string;
  workspace: string;
  notice: Notice;
  target: NoticeTarget;
}

/** What became of it. */
export interface NoticeReport {
  /** ISO 8601, UTC. */
  sentAt: string;
  /** The mail's Message-ID. Absent: it went to a channel. */
  messageId?: string;
}
