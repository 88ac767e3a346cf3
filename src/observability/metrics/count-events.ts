import type { EventIntake } from '../../ingest/event-intake';
import type { Instruments } from './instruments';

/** Counts what becomes of events, those of a batch one by one. */
export function countEvents(intake: EventIntake, { events }: Instruments): EventIntake {
  return {
    async accept(workspace, event, options) {
      try {
        const accepted = await intake.accept(workspace, event, options);
        events.inc({ outcome: accepted.duplicate ? 'duplicate' : 'accepted' });
        return accepted;
      } catch (error) {
        events.inc({ outcome: 'rejected' });
        throw error;
      }
    },
  };
}
