import type { JsonObject } from '../shared/json';

/**
 * The contract's `trigger`: what receivers get to know about why they are called. `type` is the kind of change, or the
 * type of a sender's own event.
 */
export type Trigger = JsonObject & { type: string };

/** What a rule's change makes of an event. `trigger` is there also when it does not fire: trials show it. */
export interface Evaluation {
  fires: boolean;
  /** A sentence for people. Made when it is asked for, where that takes long. */
  readonly reason: string;
  trigger: Trigger;
}

/** How many factors or issue types a reason names. */
const MAX_NAMED = 10;

/** A list as reasons show it: cut off where nobody reads on. */
export function listed(names: string[], separator: string): string {
  const more = names.length - MAX_NAMED;
  return names.slice(0, MAX_NAMED).join(separator) + (more > 0 ? `${separator}and ${more} more` : '');
}
