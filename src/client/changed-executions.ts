import { EventEmitter, on } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { ExecutionFilter } from '../shared/execution-filter';
import { listExecutions, type ExecutionSummary } from './executions';

/** What has happened since the last time. */
export type ExecutionChange =
  | {
      kind: 'changed';
      executions: ExecutionSummary[];
      /** There may be others: whoever shows a list should read it again. */
      more: boolean;
    }
  /** Temporal cannot be asked, and can again: what happened meanwhile is not told. */
  | { kind: 'away' }
  | { kind: 'back' };

/** Between two looks, of all listeners of a workspace together. Milliseconds. */
const INTERVAL_MS = 1_000;

/** How far visibility may be behind. Milliseconds. */
const BEHIND_MS = 15_000;

/** Executions that one look reads of each kind: began of late, ended of late, and wait for something. */
const LIMIT = 200;

/** Changes that wait for one listener. There is one a second at most: whoever is further behind should rather read anew. */
const MAX_UNREAD = 30;

const WAITING: ExecutionFilter['statuses'] = ['waiting_for_retry', 'held', 'paused', 'escalating'];

/** How the executions of late stand. */
export interface Looked {
  executions: ExecutionSummary[];
  /** There are others. */
  more: boolean;
}

/** What all listeners of a workspace share. */
interface Look {
  emitter: EventEmitter;
  listeners: number;
  isAway: boolean;
  end: AbortController;
}

/**
 * Tells of executions that began, ended, or stand otherwise than before. Looks only while somebody listens, once for all
 * listeners of a workspace.
 */
export class ChangedExecutions {
  private readonly looks = new Map<string, Look>();

  /** @param look asks Temporal, for a limited time; it throws while that is away */
  constructor(
    private readonly look: (workspace: string) => Promise<Looked>,
    private readonly intervalMs = INTERVAL_MS,
  ) {}

  /**
   * Ends when `signal` is aborted, by throwing its reason. Says at once when Temporal is away.
   *
   * @param isTooSlow called once when too much waits to be read: the listener must be ended
   */
  async *follow(
    workspace: string,
    signal: AbortSignal,
    isTooSlow: () => void = () => undefined,
  ): AsyncGenerator<ExecutionChange> {
    signal.throwIfAborted();
    const look = this.looks.get(workspace) ?? this.begin(workspace);
    look.listeners += 1;
    let unread = 0;
    const count = () => {
      unread += 1;
      if (unread === MAX_UNREAD) isTooSlow();
    };
    look.emitter.on('change', count);
    // By the signal: whoever does not read on leaves this generator where it is.
    const leave = () => {
      look.emitter.off('change', count);
      look.listeners -= 1;
      if (look.listeners > 0) return;
      look.end.abort();
      this.looks.delete(workspace);
    };
    signal.addEventListener('abort', leave, { once: true });
    const changes = on(look.emitter, 'change', { signal });
    if (look.isAway) yield { kind: 'away' };
    for await (const [change] of changes) {
      unread -= 1;
      yield change as ExecutionChange;
    }
  }

  private begin(workspace: string): Look {
    const emitter = new EventEmitter().setMaxListeners(0);
    const look = { emitter, listeners: 0, isAway: false, end: new AbortController() };
    this.looks.set(workspace, look);
    void this.lookAgainAndAgain(workspace, look);
    return look;
  }

  /** Never rejects: whatever goes wrong, the next look may go well. */
  private async lookAgainAndAgain(workspace: string, look: Look): Promise<void> {
    const { signal } = look.end;
    const tell = (change: ExecutionChange) => look.emitter.emit('change', change);
    let known: Map<string, string> | undefined;
    while (!signal.aborted) {
      try {
        const { executions, more } = await this.look(workspace);
        if (look.isAway) tell({ kind: 'back' });
        look.isAway = false;
        const before = known;
        const changed = executions.filter((each) => before?.get(each.execution_id) !== JSON.stringify(each));
        if (before !== undefined && changed.length > 0) tell({ kind: 'changed', executions: changed, more });
        known = new Map(executions.map((each) => [each.execution_id, JSON.stringify(each)]));
      } catch {
        if (!look.isAway) tell({ kind: 'away' });
        look.isAway = true;
      }
      await delay(this.intervalMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/**
 * Those that began or ended of late, and of those that wait the 200 that began last.
 *
 * @throws ServiceError when Temporal is away
 */
export async function lookAtExecutions(client: Client, workspace: string): Promise<Looked> {
  const since = new Date(Date.now() - BEHIND_MS).toISOString();
  const of = (filter: Partial<ExecutionFilter>) =>
    listExecutions(client, { workspace, ...filter }, { limit: LIMIT });
  const [began, ended, waiting] = await Promise.all([
    of({ startedFrom: since }),
    of({ endedFrom: since }),
    of({ statuses: WAITING }),
  ]);
  const all = [...began.items, ...ended.items, ...waiting.items];
  const executions = [...new Map(all.map((each) => [each.execution_id, each])).values()];
  return { executions, more: began.nextCursor !== null || ended.nextCursor !== null };
}
