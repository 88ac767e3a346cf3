import type { EscalatedExecution } from '../shared/escalations';

/** All that a message about something is made of. Texts come from outside: nothing of them is trusted. */
export type NoticeFacts = { workspace: string } & (
  | { type: 'escalation.created'; escalated: EscalatedExecution }
  | {
      type: 'escalations.gathered';
      rule: { id: string; name: string };
      total: number;
      /** The oldest MAX_LISTED of them. */
      escalated: readonly EscalatedExecution[];
    }
  | { type: 'destination.disabled'; origin: string; reason: string; failingSince: string; disabledAt: string }
  | { type: 'destination.recovered'; origin: string; failingSince: string; recoveredAt: string }
  /** Somebody tries a channel. */
  | { type: 'channel.test'; channelId: string; at: string }
);

/** Executions that a message lists at most. */
export const MAX_LISTED = 100;
