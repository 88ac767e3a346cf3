import type { Trigger } from '../rules/evaluation';
import type { IncomingEvent } from '../rules/event';
import type { EventTypeDocument } from '../rules/event-type';
import type { Change, IfVersion, Page, Stamped } from './record';

export interface EventTypes {
  list(workspace: string, page: Page): Promise<(EventTypeDocument & Stamped)[]>;
  get(workspace: string, name: string): Promise<(EventTypeDocument & Stamped) | undefined>;
  put(
    change: Change,
    type: EventTypeDocument,
    condition?: IfVersion,
  ): Promise<EventTypeDocument & Stamped & { created: boolean }>;
  delete(change: Change, name: string, condition?: IfVersion): Promise<void>;
}

/** One rule that an event matched, as it was decided on arrival. */
export interface EventMatch {
  ruleId: string;
  ruleVersion: number;
  executionId: string;
  reason: string;
  trigger: Trigger;
}

/**
 * - `pending`: recorded, and its executions are being started: whoever finds it so may start them again, as that is idempotent;
 * - `started`: all of its executions, or the dispatcher that starts them, are durably in Temporal.
 */
export type EventState = 'pending' | 'started';

export interface StoredEvent {
  id: string;
  /** SHA-256 of its canonical JSON, hex. */
  hash: string;
  event: IncomingEvent;
  receivedAt: string;
  state: EventState;
  /** How many rules matched. */
  matched: number;
  /** The span of the request that brought it: W3C Trace Context. Absent when it is not traced. */
  traceparent?: string;
}

/** The idempotency record of accepted events, and what decides which executions each of them has. */
export interface Events {
  /**
   * Records an event and what it matched, unless there is one by that id. Calls of the same moment share one transaction.
   * Durable when it resolves.
   *
   * @param asOf the clock of `RuleFeed` that the matches were decided by; absent when it does not matter
   * @returns the event that is on record now, and whether this call put it there
   * @throws StaleMatchesError when the clock has moved on: then nothing is recorded
   */
  register(
    workspace: string,
    event: Pick<StoredEvent, 'id' | 'hash' | 'event' | 'traceparent'>,
    matches: readonly EventMatch[],
    asOf?: number,
  ): Promise<{ stored: StoredEvent; inserted: boolean }>;
  get(workspace: string, id: string): Promise<StoredEvent | undefined>;
  /** Newest first; the cursor is opaque. All that are given must hold. `domain`: in lower case, as events have it. */
  list(
    workspace: string,
    page: {
      type?: string | undefined;
      domain?: string | undefined;
      cursor?: string | undefined;
      limit: number;
    },
  ): Promise<{ events: StoredEvent[]; nextCursor?: string }>;
  /** Its matches in the order in which they were registered, from `offset` (0) on. */
  matches(workspace: string, id: string, page: { offset: number; limit: number }): Promise<EventMatch[]>;
  /**
   * Queued and written with the next transaction, since a lost mark only costs another look. What the event says of how its
   * scorecard stands is kept with it: an event that is taken back has said nothing.
   */
  markStarted(workspace: string, stored: Pick<StoredEvent, 'id' | 'event' | 'receivedAt'>): void;
  /** Takes an event back of which nothing was started. Only while it is pending, and no call of `register` met it within this time. */
  forget(workspace: string, id: string, untouchedForMs: number): Promise<void>;
  /** How many are pending, and have been for this time, in all workspaces. */
  countPending(forMs: number): Promise<number>;
  /** Events that are still pending although no call of `register` has met them within this time, oldest first. */
  stalePending(olderThanMs: number, limit: number): Promise<{ workspace: string; id: string }[]>;
  /** Deletes started events received before this time, a bounded number at a time. @returns how many */
  purge(receivedBefore: string): Promise<number>;
}
