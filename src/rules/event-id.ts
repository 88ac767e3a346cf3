import { lineOfText } from './text';
import { MAX_NAME_LENGTH } from '../shared/limits';

/** The ids of the events that rules' schedules make begin so. */
const SCHEDULE_PREFIX = 'schedule/';

/** A sender's id of an event: never that of a run by the clock, which would then start nothing. */
export const eventIdSchema = lineOfText(MAX_NAME_LENGTH).refine(
  (id) => !id.startsWith(SCHEDULE_PREFIX),
  `must not begin with "${SCHEDULE_PREFIX}": those are the events of rules' schedules`,
);

/**
 * The id of the event of one run by the clock: the same however often it is tried. A rule's id and a time have no `/`.
 *
 * @param dueAt ISO 8601, UTC
 */
export function scheduleEventId(ruleId: string, dueAt: string, scorecard?: string): string {
  return `${SCHEDULE_PREFIX}${ruleId}/${dueAt}${scorecard === undefined ? '' : `/${scorecard}`}`;
}
