import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { startDispatcher } from '../client/start-dispatcher';
import type { Tracer } from '../tracing/tracing';
import type { IncomingEvent } from '../rules/event';
import type { MatchBatch, StartedBatch } from '../shared/event-dispatch';
import { dispatchWorkflowIdOf, workflowIdOf } from '../shared/ids';
import type { StoredEvent } from '../store/event-store';
import type { Store } from '../store/store';
import { startMatches, withRules, type MatchWithRule } from './start-matches';

/**
 * An event that matches more rules than this is left to a dispatcher workflow, which starts its executions in batches.
 * Measured (`npm run bench -- dispatcher`): up to 10, all executions are there a third sooner when they are started directly,
 * and the answer takes less than 0.1 s; at 20 it takes 4 times, and at 200 nearly 50 times what a dispatcher's start does.
 */
export const MAX_DIRECT_STARTS = 10;

/** Brings an event that is on record to its executions. */
export class EventStarter {
  constructor(
    private readonly client: Client,
    private readonly store: Pick<Store, 'rules' | 'events'>,
    private readonly maxDirectStarts = MAX_DIRECT_STARTS,
    private readonly tracer?: Tracer,
  ) {}

  /** Whether a dispatcher starts the event's executions. */
  isDispatched({ matched }: Pick<StoredEvent, 'matched'>): boolean {
    return matched > this.maxDirectStarts;
  }

  /**
   * Starts all that the event matched, or the dispatcher that does. May be repeated at any time.
   *
   * @param known its matches with their rules, when the caller has them: they are read otherwise
   * @returns what this call started; of a dispatcher's executions none
   * @throws ServiceError when Temporal cannot be reached
   */
  async start(
    workspace: string,
    stored: StoredEvent,
    known?: readonly MatchWithRule[],
  ): Promise<StartedBatch> {
    let batch: StartedBatch = { started: 0, existed: 0 };
    if (this.isDispatched(stored)) {
      await startDispatcher(this.client, {
        workspace,
        eventId: stored.event.id ?? stored.id,
        eventKey: stored.id,
        matched: stored.matched,
        ...(stored.event.trial && { test: true as const }),
      });
    } else if (stored.matched > 0) {
      const matches = known ?? (await this.matches(workspace, stored, 0, stored.matched));
      batch = await this.startMatches(workspace, stored, matches);
    }
    this.store.events.markStarted(workspace, stored);
    return batch;
  }

  /**
   * The part of the dispatcher: starts some of an event's executions.
   *
   * @returns undefined when the event is not on record any more
   */
  async startBatch(batch: MatchBatch): Promise<StartedBatch | undefined> {
    const stored = await this.store.events.get(batch.workspace, batch.eventKey);
    if (stored === undefined) return undefined;
    const matches = await this.matches(batch.workspace, stored, batch.offset, batch.limit);
    return this.startMatches(batch.workspace, stored, matches);
  }

  /** Whether anything of the event is in Temporal. @throws ServiceError when Temporal cannot be reached */
  async hasBegun(workspace: string, stored: StoredEvent): Promise<boolean> {
    if (this.isDispatched(stored)) return this.exists(dispatchWorkflowIdOf(workspace, stored.id));
    const matches = await this.store.events.matches(workspace, stored.id, {
      offset: 0,
      limit: stored.matched,
    });
    const found = await Promise.all(matches.map(({ executionId }) => this.exists(workflowIdOf(executionId))));
    return found.includes(true);
  }

  private startMatches(
    workspace: string,
    stored: StoredEvent,
    matches: readonly MatchWithRule[],
  ): Promise<StartedBatch> {
    const { client, tracer } = this;
    const { traceparent } = stored;
    return startMatches(client, workspace, identified(stored), matches, { traceparent, tracer });
  }

  private async matches(
    workspace: string,
    { id }: StoredEvent,
    offset: number,
    limit: number,
  ): Promise<MatchWithRule[]> {
    const matches = await this.store.events.matches(workspace, id, { offset, limit });
    return withRules(this.store, workspace, matches);
  }

  private async exists(workflowId: string): Promise<boolean> {
    try {
      await this.client.workflow.getHandle(workflowId).describe();
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }
}

function identified({ event, id }: StoredEvent): IncomingEvent & { id: string } {
  return { ...event, id: event.id ?? id };
}
