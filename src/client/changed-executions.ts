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

const WAITING: ExecutionFilter['statuses'] = ['waiting_for_retry', 'held', 'paused', 'escalating'];

/**
 * Tells of executions that began, ended, or stand otherwise than before. Looks only while somebody listens, once for all
 * listeners of a workspace. Of those that wait, the 200 that began last are looked at.
 */
export class ChangedExecutions {
  private readonly looks = new Map<
    string,
    { emitter: EventEmitter; listeners: number; end: AbortController }
  >();

  /** @param inTime asks Temporal for a limited time */
  constructor(
    private readonly client: Client,
    private readonly inTime: <T>(ask: () => Promise<T>) => Promise<T>,
  ) {}

  /** Ends when `signal` is aborted, by throwing its reason. */
  async *follow(workspace: string, signal: AbortSignal): AsyncGenerator<ExecutionChange> {
    signal.throwIfAborted();
    const look = this.looks.get(workspace) ?? this.begin(workspace);
    look.listeners += 1;
    // By the signal: whoever does not read on leaves this generator where it is.
    const leave = () => {
      look.listeners -= 1;
      if (look.listeners > 0) return;
      look.end.abort();
      this.looks.delete(workspace);
    };
    signal.addEventListener('abort', leave, { once: true });
    for await (const [change] of on(look.emitter, 'change', { signal })) yield change as ExecutionChange;
  }

  private begin(workspace: string) {
    const look = { emitter: new EventEmitter().setMaxListeners(0), listeners: 0, end: new AbortController() };
    this.looks.set(workspace, look);
    const tell = (change: ExecutionChange) => look.emitter.emit('change', change);
    const ask = () => this.inTime(() => lookAt(this.client, workspace));
    void lookAgainAndAgain(ask, tell, look.end.signal);
    return look;
  }
}

/** Never rejects: whatever goes wrong, the next look may go well. */
async function lookAgainAndAgain(
  ask: () => Promise<Looked>,
  tell: (change: ExecutionChange) => void,
  signal: AbortSignal,
): Promise<void> {
  let known: Map<string, string> | undefined;
  let isAway = false;
  while (!signal.aborted) {
    try {
      const { executions, more } = await ask();
      if (isAway) tell({ kind: 'back' });
      isAway = false;
      const before = known;
      const changed = executions.filter((each) => before?.get(each.execution_id) !== JSON.stringify(each));
      if (before !== undefined && changed.length > 0) tell({ kind: 'changed', executions: changed, more });
      known = new Map(executions.map((each) => [each.execution_id, JSON.stringify(each)]));
    } catch {
      if (!isAway) tell({ kind: 'away' });
      isAway = true;
    }
    await delay(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}

interface Looked {
  executions: ExecutionSummary[];
  more: boolean;
}

async function lookAt(client: Client, workspace: string): Promise<Looked> {
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
