import { executionIdOf } from '../client/execution-id';
import { isDomain } from '../rules/domain';
import { scheduleEventId } from '../rules/event-id';
import type { ScheduleRule } from '../rules/rule';
import { evaluateSchedule, SCHEDULE, type ScheduleEvent } from '../rules/schedule-event';
import type { ScorecardFilter } from '../rules/scorecard-group';
import { SCHEDULE_BATCH } from '../shared/limits';
import { mapBounded } from '../shared/map-bounded';
import type { RunBatch, RunBatchRequest } from '../shared/scheduled-run';
import type { Scorecard } from '../store/scorecard-store';
import type { Store } from '../store/store';
import { eventHash } from './event-key';
import type { EventStarter } from './event-starter';
import type { MatchWithRule } from './start-matches';

/** Starts under way at once: more gain nothing on one server and only lengthen each other. */
const CONCURRENT_STARTS = 10;

type UsedStore = Pick<Store, 'rules' | 'scorecards' | 'scorecardStates' | 'portfolios' | 'events'>;

/** The event of one run for one scorecard, and the execution that it is to have. */
interface Planned {
  event: ScheduleEvent & { id: string };
  match: MatchWithRule;
}

/**
 * The part of the workflow `runSchedule`: makes the events of a rule's run, for some of its scorecards, and brings them on
 * their way as those of senders. Repeating it starts nothing twice: what is on record by an event's id stays as it is.
 */
export class ScheduledRuns {
  constructor(
    private readonly store: UsedStore,
    private readonly starter: EventStarter,
  ) {}

  /** @throws StoreAwayError; ServiceError when Temporal cannot be reached */
  async start(request: RunBatchRequest): Promise<RunBatch> {
    const { workspace, ruleId } = request;
    const found = await this.store.rules.get(workspace, ruleId);
    if (found?.rule.schedule === undefined) {
      return { started: 0, existed: 0, withoutRule: true };
    }
    const { rule, version } = found;
    const scorecards = await this.scorecards(request, rule.filters?.scorecards);
    const planned = (await this.events(request, scorecards)).map((event) =>
      plan(workspace, rule, version, event),
    );
    const batch: RunBatch = { started: 0, existed: 0 };
    // All at once: they share a transaction.
    const registered = await Promise.all(planned.map((each) => this.register(workspace, each)));
    await mapBounded(registered, CONCURRENT_STARTS, async ({ stored, known }) => {
      const starts =
        stored.state === 'started'
          ? { started: 0, existed: stored.matched }
          : await this.starter.start(workspace, stored, known);
      batch.started += starts.started;
      batch.existed += starts.existed;
    });
    const last = scorecards?.at(-1);
    const isWhole = scorecards === undefined || scorecards.length < SCHEDULE_BATCH || last === undefined;
    return isWhole ? batch : { ...batch, after: last.id };
  }

  /** The next ones of a group; undefined: the rule is about none. */
  private async scorecards(
    { workspace, after }: RunBatchRequest,
    group: ScorecardFilter | undefined,
  ): Promise<Scorecard[] | undefined> {
    const page = { after, limit: SCHEDULE_BATCH };
    switch (group?.value) {
      case undefined:
        return undefined;
      case 'my_scorecard':
        return this.store.scorecards.list(workspace, { ...page, mine: true });
      case 'followed':
        return this.store.scorecards.list(workspace, { ...page, followed: true });
      case 'in_portfolio':
        return this.store.portfolios.members(workspace, group.portfolio_id, page);
    }
  }

  private async events(
    { workspace, ruleId, dueAt }: RunBatchRequest,
    scorecards: readonly Scorecard[] | undefined,
  ): Promise<Planned['event'][]> {
    const schedule = { rule_id: ruleId, due_at: dueAt };
    if (scorecards === undefined) return [{ id: scheduleEventId(ruleId, dueAt), type: SCHEDULE, schedule }];
    const states = await this.store.scorecardStates.of(workspace, scorecards);
    return scorecards.map(({ id, domain }, index) => {
      const state = states[index];
      const named = domain ?? state?.domain ?? (isDomain(id) ? id.toLowerCase() : undefined);
      return {
        id: scheduleEventId(ruleId, dueAt, id),
        type: SCHEDULE,
        schedule,
        scorecard_id: id,
        ...(named !== undefined && { domain: named }),
        ...(state !== undefined && { current: state.current }),
        ...(state?.platformScoreDate !== undefined && { platform_score_date: state.platformScoreDate }),
      };
    });
  }

  private async register(workspace: string, { event, match }: Planned) {
    const { rule, ...recorded } = match;
    const asked = { id: event.id, hash: eventHash(event), event };
    const { stored, inserted } = await this.store.events.register(workspace, asked, [recorded]);
    return { stored, known: inserted ? [{ ...recorded, rule }] : undefined };
  }
}

function plan(workspace: string, rule: ScheduleRule, version: number, event: Planned['event']): Planned {
  const { reason, trigger } = evaluateSchedule(rule, event);
  const executionId = executionIdOf(workspace, rule.id, event.id);
  return { event, match: { rule, ruleId: rule.id, ruleVersion: version, executionId, reason, trigger } };
}
