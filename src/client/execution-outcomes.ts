import type { Client } from '@temporalio/client';
import type { ExecutionFilter } from '../shared/execution-filter';
import { FEW_EXECUTIONS } from '../shared/limits';
import { mapBounded } from '../shared/map-bounded';
import { partAt, type TimeSpan } from '../shared/time-parts';
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
 * questions; counts them part by part otherwise.
 *
 * @param parts one after another, without gaps
 * @param few how many are few
 * @throws ServiceError when Temporal is away
 */
export async function executionOutcomes(
  client: Client,
  filter: ExecutionFilter,
  parts: readonly TimeSpan[],
  few = FEW_EXECUTIONS,
): Promise<OutcomesWithin[]> {
  const whole = { ...filter, startedFrom: parts[0]?.from, startedBefore: parts.at(-1)?.to };
  const listed = await listFew(client, whole, few);
  const counts = listed ? tally(listed, parts) : await countAll(client, whole, parts, few);
  return parts.map((part, nth) => ({ ...part, counts: counts[nth] ?? noOutcomes() }));
}

/** The counts of all. */
export function totalOf(all: readonly OutcomesWithin[]): OutcomeCounts {
  const sum = noOutcomes();
  for (const { counts } of all) for (const outcome of OUTCOMES) sum[outcome] += counts[outcome];
  return sum;
}

async function countAll(
  client: Client,
  filter: ExecutionFilter,
  parts: readonly TimeSpan[],
  few: number,
): Promise<OutcomeCounts[]> {
  const groups = await mapBounded(parts, CONCURRENCY, (part) => countGroups(client, within(filter, part)));
  // Afterwards, so that one that escalates meanwhile is not taken for delivered.
  const told = await countTold(client, filter, parts, { groups, few });
  return groups.map((counts, nth) => withTold(counts, told[nth] ?? noOutcomes()));
}

function noOutcomes(): OutcomeCounts {
  return { running: 0, delivered: 0, escalated: 0, cancelled: 0, abandoned: 0, failed: 0, terminated: 0 };
}

function within(filter: ExecutionFilter, { from, to }: TimeSpan): ExecutionFilter {
  return { ...filter, startedFrom: from, startedBefore: to };
}

/** @returns undefined when they are not few */
async function listFew(
  client: Client,
  filter: ExecutionFilter,
  few: number,
): Promise<ExecutionSummary[] | undefined> {
  const count = await countExecutions(client, filter);
  if (count === 0) return [];
  if (count > few) return undefined;
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

/** All that completed are among the delivered. */
async function countGroups(client: Client, filter: ExecutionFilter): Promise<OutcomeCounts> {
  const { groups } = await client.workflow.count(`${executionQuery(filter)} GROUP BY ExecutionStatus`);
  const counts = noOutcomes();
  for (const { count, groupValues } of groups) {
    counts[ENDED.get(groupValues[0]?.[0]) ?? 'running'] += count;
  }
  return counts;
}

/** How many of those that completed escalated or were abandoned. Mostly few, whatever the whole. */
async function countTold(
  client: Client,
  whole: ExecutionFilter,
  parts: readonly TimeSpan[],
  { groups, few }: { groups: readonly OutcomeCounts[]; few: number },
): Promise<OutcomeCounts[]> {
  const asked = whole.statuses ?? (whole.status && [whole.status]);
  const statuses = TOLD.filter((status) => asked === undefined || asked.includes(status));
  const none = parts.map(noOutcomes);
  if (statuses.length === 0 || groups.every(({ delivered }) => delivered === 0)) return none;
  const filter = { ...whole, status: undefined, statuses };
  const listed = await listFew(client, filter, few);
  if (listed) return tally(listed, parts);
  return mapBounded(parts, CONCURRENCY, async (part, nth) => {
    const counts = noOutcomes();
    if (groups[nth]?.delivered === 0) return counts;
    for (const status of statuses) {
      counts[status] = await countExecutions(client, { ...within(filter, part), statuses: [status] });
    }
    return counts;
  });
}

/** @param told may be ahead of the counts, which stay a whole that adds up */
function withTold(counts: OutcomeCounts, told: OutcomeCounts): OutcomeCounts {
  const escalated = Math.min(told.escalated, counts.delivered);
  const abandoned = Math.min(told.abandoned, counts.delivered - escalated);
  return { ...counts, escalated, abandoned, delivered: counts.delivered - escalated - abandoned };
}
