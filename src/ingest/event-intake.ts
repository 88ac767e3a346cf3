import type { IncomingEvent } from '../rules/event';
import type { Problem } from '../rules/problems';
import { problemLine } from '../rules/problems';

/** What became of an event. */
export interface AcceptedEvent {
  /** The sender's, or the one that it was given here. */
  eventId: string;
  /** The same event had been accepted before: nothing was started by this call. */
  duplicate: boolean;
  /** `started`: every execution is durably there. `on_its_way`: a durable dispatcher starts them in batches. */
  state: 'started' | 'on_its_way';
  /** How many rules matched. */
  matched: number;
  /** The executions, MAX_LISTED_EXECUTIONS of them at most. */
  executions: { executionId: string; ruleId: string; reason: string }[];
  /** When it was asked for: rules that did not match. */
  unmatched?: { total: number; rules: { ruleId: string; reason: string }[] };
}

/** Where events come in. */
export interface EventIntake {
  /**
   * Accepts one event: when this resolves, each execution that it should lead to is durably started or on its way.
   *
   * @param options `explain`: how many of the rules that did not match to give reasons for; `traceparent`: the span of
   *   what brings it, when that is traced
   * @throws InvalidEventError, EventConflictError, TemporalAwayError, StoreAwayError: then nothing of it is in force,
   *   and the same event may be sent again
   */
  accept(
    workspace: string,
    event: IncomingEvent,
    options?: { explain?: number | undefined; traceparent?: string | undefined },
  ): Promise<AcceptedEvent>;
}

/** The event is not as its type's schema has it, or is a trial of a rule that is not there. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError';

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(problemLine).join('; '));
  }
}

/** Another event has this id. */
export class EventConflictError extends Error {
  override readonly name = 'EventConflictError';
}

/** Temporal cannot be reached just now. */
export class TemporalAwayError extends Error {
  override readonly name = 'TemporalAwayError';
}
