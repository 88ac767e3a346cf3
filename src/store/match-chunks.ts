import type { IncomingEvent } from '../rules/event';
import type { Trigger } from '../rules/evaluation';
import type { EventMatch } from './event-store';

/** Matches of an event that are kept in one row. */
export const CHUNK_SIZE = 100;

/**
 * Matches as they are stored. Many rules see the same change, so triggers stand once in a chunk and matches name them by
 * their place; -1 is the trigger that repeats what the event says, which is not stored again for each rule.
 */
interface StoredChunk {
  triggers: Trigger[];
  /** Rule id, rule version, execution id, reason, place of the trigger. */
  matches: [string, number, string, string, number][];
}

const THE_EVENT_ITSELF = -1;

/** One chunk as text. @param event the event that they match */
export function packChunk(event: IncomingEvent, matches: readonly EventMatch[]): string {
  const places = new Map<string, number>();
  const triggers: Trigger[] = [];
  const packed: StoredChunk = {
    triggers,
    matches: matches.map((match) => [
      match.ruleId,
      match.ruleVersion,
      match.executionId,
      match.reason,
      repeatsEvent(event, match.trigger) ? THE_EVENT_ITSELF : placeOf(match.trigger),
    ]),
  };
  return JSON.stringify(packed);

  function placeOf(trigger: Trigger): number {
    const text = JSON.stringify(trigger);
    const place = places.get(text) ?? triggers.push(trigger) - 1;
    places.set(text, place);
    return place;
  }
}

export function unpackChunk(event: IncomingEvent, text: string): EventMatch[] {
  const { triggers, matches } = JSON.parse(text) as StoredChunk;
  return matches.map(([ruleId, ruleVersion, executionId, reason, place]) => ({
    ruleId,
    ruleVersion,
    executionId,
    reason,
    trigger: triggers[place] ?? triggerOfEvent(event),
  }));
}

/** By identity: matching hands the event's data on, and comparing it for each of 100,000 rules would take long. */
function repeatsEvent(event: IncomingEvent, trigger: Trigger): boolean {
  return (
    'data' in event &&
    Object.keys(trigger).length === 2 &&
    trigger['data'] === event.data &&
    trigger.type === event.type
  );
}

function triggerOfEvent(event: IncomingEvent): Trigger {
  if (!('data' in event)) throw new Error(`a match of event ${event.id ?? ''} has no trigger`);
  return { type: event.type, data: event.data };
}
