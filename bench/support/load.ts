import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Arrivals } from './arrivals';
import { clockMs } from './clock';
import { cpuOfTree } from './process-tree';
import type { Comparison } from '../comparison';
import { mapBounded } from '../../src/shared/map-bounded';

/** Milliseconds. */
const POLL_INTERVAL_MS = 20;

/** One side that is measured: how an execution is started, where it is then, and what runs for it. */
export interface Side {
  start: (id: string) => Promise<unknown>;
  client: Client;
  workflowType: 'executeRule' | 'floor';
  /** Roots of processes, by name. */
  pids: Readonly<Record<string, number>>;
}

/** What a number of executions took, all together. */
export interface Measured {
  /** Executions in a second, from the first start until the last one has ended. */
  perSecond: number;
  /** Of the processors, by process, for each execution. Milliseconds. */
  cpuMs: Record<string, number>;
}

/** Runs executions, as many at once as told: each place is free again when the last call of its execution has arrived. */
export async function runLoad(
  side: Side,
  arrivals: Arrivals,
  { count, atOnce }: { count: number; atOnce: number },
): Promise<Measured> {
  return measured(side, count, async () => {
    const ids = Array.from({ length: count }, () => randomUUID());
    await mapBounded(ids, atOnce, async (id) => {
      await side.start(id);
      await arrivals.of(id, 1);
    });
  });
}

/** Measures a piece of work that runs `count` executions, until all of them have ended. */
export async function measured(
  side: Omit<Side, 'start'>,
  count: number,
  work: () => Promise<unknown>,
): Promise<Measured> {
  const cpu = () => Object.entries(side.pids).map(([name, pid]) => [name, cpuOfTree(pid)] as const);
  const ended = await endedSoFar(side);
  const before = new Map(cpu());
  const began = clockMs();
  await work();
  await untilEnded(side, ended + count);
  const seconds = (clockMs() - began) / 1_000;
  const used = cpu().map(([name, ms]) => [name, (ms - (before.get(name) ?? 0)) / count] as const);
  return { perSecond: count / seconds, cpuMs: Object.fromEntries(used) };
}

/** Until so many have ended. Not until none runs: lists lag behind, and may not have what was just started. */
export async function untilEnded(side: Pick<Side, 'client' | 'workflowType'>, total: number): Promise<void> {
  while ((await endedSoFar(side)) < total) await delay(POLL_INTERVAL_MS);
}

/** How many have ended, as far as lists tell. */
export async function endedSoFar({
  client,
  workflowType,
}: Pick<Side, 'client' | 'workflowType'>): Promise<number> {
  const query = `WorkflowType = '${workflowType}' AND ExecutionStatus != 'Running'`;
  return (await client.workflow.count(query)).count;
}

/** Both sides in turn: once to warm up, and then as often as told. */
export async function inTurns<T>(
  repeats: number,
  ours: () => Promise<T>,
  theirs: () => Promise<T>,
): Promise<[ours: T[], theirs: T[]]> {
  await ours();
  await theirs();
  const measurements: [T[], T[]] = [[], []];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    measurements[0].push(await ours());
    measurements[1].push(await theirs());
  }
  return measurements;
}

/** Throughput and CPU of both sides as they are compared. */
export function loadComparisons(
  what: string,
  [ours, theirs]: [Measured[], Measured[]],
  targets: { perSecond?: NonNullable<Comparison['target']>; cpu?: NonNullable<Comparison['target']> } = {},
): Comparison[] {
  const total = ({ cpuMs }: Measured) => Object.values(cpuMs).reduce((sum, each) => sum + each, 0);
  const pairs = (of: (each: Measured) => number) => ({ ours: ours.map(of), theirs: theirs.map(of) });
  const names = Object.keys(ours[0]?.cpuMs ?? {});
  return [
    {
      what: `${what}: executions`,
      unit: '/s',
      ...pairs(({ perSecond }) => perSecond),
      ...(targets.perSecond && { target: targets.perSecond }),
    },
    {
      what: `${what}: CPU of each`,
      unit: 'ms',
      ...pairs(total),
      ...(targets.cpu && { target: targets.cpu }),
    },
    ...names.map((name) => ({
      what: `${what}: of it ${name}`,
      unit: 'ms',
      ...pairs(({ cpuMs }) => cpuMs[name] ?? NaN),
    })),
  ];
}
