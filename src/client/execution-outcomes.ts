import type { Client } from '@temporalio/client';
import type { ExecutionFilter } from '../shared/execution-filter';
import { FEW_EXECUTIONS, OLD_FIGURES_KEPT_MS } from '../shared/limits';
import { mapBounded } from '../shared/map-bounded';
import { partAt, type TimeSpan } from '../shared/time-parts';
import { BriefCache } from './brief-cache';
import { executionQuery } from './execution-query';
import { countExecutions, listExecutions, type ExecutionSummary } from './executions';

/** What came of executions so far. `running`: all that have not ended. */
export const OUTCOMES = [
  'running',
  'delivered',
  'escalated',
  'cancelled',
  'abandoned',
  'failed',
  'terminated',
] as const;

type Outcome = (typeof OUTCOMES)[number];

export type OutcomeCounts = Record<Outcome, number>;

export interface OutcomesWithin extends TimeSpan {
  counts: OutcomeCounts;
}

/** Executions that began so long ago seldom change: they have ended, or wait for a late retry. Milliseconds. */
const OLD_MS = 3_600_000;

/** Counts under way at once. A server of Temporal's takes 10 a second unless it is told otherwise. */
const CONCURRENCY = 4;

const PAGE = 1_000;

/** What Temporal calls them; it cannot tell how those differ that completed. Whatever is not here has not ended. */
const ENDED: ReadonlyMap<unknown, Outcome> = new Map([
  ['Completed', 'delivered'],
  ['Canceled', 'cancelled'],
  ['Failed', 'failed'],
  ['TimedOut', 'failed'],
  ['Terminated', 'terminated'],
]);

/** Completed too, and told apart by what they say of themselves. */
const TOLD = ['escalated', 'abandoned'] as const;

/**
 * What came of the executions that began in each part of a span. Reads them when they are few, as that takes two or three
 * questions; counts them part by part otherwise, and those of parts that are long over once in a while.
 */
export class ExecutionOutcomes {
  private readonly many = new BriefCache<boolean>(OLD_FIGURES_KEPT_MS);
  private readonly old = new BriefCache<OutcomeCounts>(OLD_FIGURES_KEPT_MS);

  /** @param few how many are few */
  constructor(
    private readonly client: Client,
    private readonly few = FEW_EXECUTIONS,
  ) {}

  /** @param parts one after another, without gaps. @throws ServiceError when Temporal is away */
  async of(filter: ExecutionFilter, parts: readonly TimeSpan[]): Promise<OutcomesWithin[]> {
    const whole = { ...filter, startedFrom: parts[0]?.from, startedBefore: parts.at(-1)?.to };
    const isMany = await this.many.get(
      JSON.stringify(whole),
      async () => (await countExecutions(this.client, whole)) > this.few,
    );
    const counts = isMany
      ? await mapBounded(parts, CONCURRENCY, (part) => this.countOnce(filter, part))
      : tally(await listAll(this.client, whole), parts);
    return parts.map((part, nth) => ({ ...part, counts: counts[nth] ?? noOutcomes() }));
  }

  private countOnce(filter: ExecutionFilter, part: TimeSpan): Promise<OutcomeCounts> {
    const inPart = { ...filter, startedFrom: part.from, startedBefore: part.to };
    const ask = () => countOutcomes(this.client, inPart);
    const isOld = Date.parse(part.to) < Date.now() - OLD_MS;
    return isOld ? this.old.get(JSON.stringify(inPart), ask) : ask();
  }
}

/** The counts of all. */
export function totalOf(all: readonly OutcomesWithin[]): OutcomeCounts {
  const sum = noOutcomes();
  for (const { counts } of all) for (const outcome of OUTCOMES) sum[outcome] += counts[outcome];
  return sum;
}

function noOutcomes(): OutcomeCounts {
  return { running: 0, delivered: 0, escalated: 0, cancelled: 0, abandoned: 0, failed: 0, terminated: 0 };
}

async function listAll(client: Client, filter: ExecutionFilter): Promise<ExecutionSummary[]> {
  // One that ends meanwhile may come twice.
  const found = new Map<string, ExecutionSummary>();
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await listExecutions(client, filter, { limit: PAGE, cursor });
    for (const item of items) found.set(item.execution_id, item);
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  return [...found.values()];
}

function tally(executions: readonly ExecutionSummary[], parts: readonly TimeSpan[]): OutcomeCounts[] {
  const counts = parts.map(noOutcomes);
  for (const { status, started_at: startedAt } of executions) {
    const part = counts[partAt(parts, startedAt)];
    if (part) part[isOutcome(status) ? status : 'running'] += 1;
  }
  return counts;
}

function isOutcome(status: string): status is Outcome {
  return (OUTCOMES as readonly string[]).includes(status);
}

/** Two questions, mostly; three where some were abandoned. */
async function countOutcomes(client: Client, filter: ExecutionFilter): Promise<OutcomeCounts> {
  const counts = await countGroups(client, filter);
  const asked = filter.statuses ?? (filter.status && [filter.status]);
  const statuses = TOLD.filter((status) => asked === undefined || asked.includes(status));
  if (counts.delivered === 0 || statuses.length === 0) return counts;
  // Afterwards, so that one that escalates meanwhile is not taken for delivered.
  const count = (wanted: (typeof TOLD)[number][]) =>
    countExecutions(client, { ...filter, status: undefined, statuses: wanted });
  const told = await count(statuses);
  const abandoned = told === 0 || !statuses.includes('abandoned') ? 0 : await count(['abandoned']);
  return withTold(counts, { escalated: told - abandoned, abandoned });
}

/** All that completed are among the delivered. */
async function countGroups(client: Client, filter: ExecutionFilter): Promise<OutcomeCounts> {
  const { groups } = await client.workflow.count(`${executionQuery(filter)} GROUP BY ExecutionStatus`);
  const counts = noOutcomes();
  for (const { count, groupValues } of groups) {
    counts[ENDED.get(groupValues[0]?.[0]) ?? 'running'] += count;
  }
  return counts;
}

/** @param told may be ahead of the counts, which stay a whole that adds up */
function withTold(counts: OutcomeCounts, told: Pick<OutcomeCounts, (typeof TOLD)[number]>): OutcomeCounts {
  const escalated = Math.min(Math.max(0, told.escalated), counts.delivered);
  const abandoned = Math.min(told.abandoned, counts.delivered - escalated);
  return { ...counts, escalated, abandoned, delivered: counts.delivered - escalated - abandoned };
}
