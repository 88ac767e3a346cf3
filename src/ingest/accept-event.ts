import { randomUUID } from 'node:crypto';
import { executionIdOf } from '../client/execution-id';
import type { IncomingEvent } from '../rules/event';
import type { MatchedRule, RuleIndex } from '../rules/rule-index';
import { StaleMatchesError } from '../store/errors';
import type { EventMatch, StoredEvent } from '../store/event-store';
import type { LiveRuleIndex } from '../store/live-rule-index';
import type { Store } from '../store/store';
import type { EventDataGuard } from './event-data';
import { eventHash, eventKey } from './event-key';
import { EventConflictError, InvalidEventError, type AcceptedEvent, type EventIntake } from './event-intake';
import type { EventStarter } from './event-starter';
import type { MatchWithRule } from './start-matches';
import type { TemporalReach } from './temporal-reach';

/** How many executions an answer names; the others are found by the event's id. */
export const MAX_LISTED_EXECUTIONS = 1_000;

/** An event with the id that its sender or we gave it. */
interface ArrivedEvent extends Pick<StoredEvent, 'hash' | 'traceparent'> {
  event: IncomingEvent & { id: string };
}

/**
 * Accepts events: what an event matches is decided once and recorded (one write, shared with the events of the same
 * moment), and from then on it is a matter of starting what is on record, which may be repeated. So the same event again
 * answers what was decided the first time, whatever has become of the rules, and a crash between the record and the
 * last start is made up for by whoever looks next: the sender who tries again, or `PendingEvents`. It is decided by every
 * change of rules that was answered before the event came, whichever process made it.
 */
export function createEventIntake(deps: {
  store: Pick<Store, 'events'>;
  rules: Pick<LiveRuleIndex, 'current' | 'refreshed' | 'asOf'>;
  starter: EventStarter;
  reach: TemporalReach;
  dataGuard: EventDataGuard;
}): EventIntake {
  const { store, rules, starter, reach } = deps;
  /** The same event at the same moment over many connections waits for the first of them. */
  const underWay = new Map<string, Promise<unknown>>();

  async function bringOnItsWay(workspace: string, stored: StoredEvent, known?: readonly MatchWithRule[]) {
    const key = JSON.stringify([workspace, stored.id]);
    const start =
      underWay.get(key) ??
      reach.call(() => starter.start(workspace, stored, known)).finally(() => underWay.delete(key));
    underWay.set(key, start);
    await start;
  }

  async function decideAndRecord(index: RuleIndex, workspace: string, arrived: ArrivedEvent) {
    try {
      return await decideBy(index, workspace, arrived, rules.asOf);
    } catch (error) {
      if (!(error instanceof StaleMatchesError)) throw error;
      // Another process has changed something, perhaps before the event came. What changes from now on came after it.
      return decideBy(await rules.refreshed(), workspace, arrived);
    }
  }

  async function decideBy(index: RuleIndex, workspace: string, arrived: ArrivedEvent, asOf?: number) {
    const { event } = arrived;
    const matched = matchesOf(index, workspace, event, event.id);
    if (matched.length > 0) await reach.check();
    const named = { ...arrived, id: eventKey(event, event.id) };
    const registered = await store.events.register(workspace, named, matched.map(recorded), asOf);
    return { ...registered, matched, index };
  }

  return {
    async accept(workspace, event, { explain, traceparent } = {}): Promise<AcceptedEvent> {
      await deps.dataGuard.check(workspace, event);
      const current = event.trial === undefined ? await rules.current() : await rules.refreshed();
      assertTrialHasRule(current, workspace, event);
      const eventId = event.id ?? randomUUID();
      const hash = eventHash(event);
      const traced = traceparent === undefined ? {} : { traceparent };
      const arrived: ArrivedEvent = { event: { ...event, id: eventId }, hash, ...traced };
      const { stored, inserted, matched, index } = await decideAndRecord(current, workspace, arrived);
      if (!inserted && stored.hash !== hash) {
        throw new EventConflictError(`another event has the id "${eventId}"`);
      }
      if (stored.state === 'pending') {
        await bringOnItsWay(workspace, stored, inserted ? matched : undefined);
      }
      const listed: readonly EventMatch[] = inserted
        ? matched.slice(0, MAX_LISTED_EXECUTIONS)
        : await store.events.matches(workspace, stored.id, { offset: 0, limit: MAX_LISTED_EXECUTIONS });
      return {
        eventId,
        duplicate: !inserted,
        state: starter.isDispatched(stored) ? 'on_its_way' : 'started',
        matched: stored.matched,
        executions: listed.map(({ executionId, ruleId, reason }) => ({ executionId, ruleId, reason })),
        ...(explain !== undefined && { unmatched: index.unmatched(workspace, event, explain) }),
      };
    },
  };
}

/** @throws InvalidEventError */
function assertTrialHasRule(index: RuleIndex, workspace: string, event: IncomingEvent): void {
  if (event.trial === undefined) return;
  if (index.explain(workspace, event.trial.rule_id, event) !== undefined) return;
  throw new InvalidEventError([{ path: 'trial.rule_id', message: 'is not the id of a rule' }]);
}

/** What is recorded of a match: its rule is found by id and version. */
function recorded({ ruleId, ruleVersion, executionId, reason, trigger }: MatchWithRule): EventMatch {
  return { ruleId, ruleVersion, executionId, reason, trigger };
}

function matchesOf(
  index: RuleIndex,
  workspace: string,
  event: IncomingEvent,
  eventId: string,
): MatchWithRule[] {
  return index.match(workspace, event).map(({ rule, version, reason, trigger }: MatchedRule) => ({
    rule,
    ruleId: rule.id,
    ruleVersion: Number(version),
    executionId: executionIdOf(workspace, rule.id, eventKey(event, eventId)),
    reason,
    trigger,
  }));
}
