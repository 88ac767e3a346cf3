import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { StagedBench } from '../bench';
import type { Comparison } from '../comparison';
import { Arrivals } from '../support/arrivals';
import { Child } from '../support/child';
import { startFloor, type FloorAsk } from '../support/floor-process';
import { chainEvent, chainRule } from '../support/rules';
import { Service } from '../support/service';
import { withParts } from '../support/with-parts';

const LENGTHS = [1, 3, 10];
const FAN_OUT = 200;

/** Refused at once. */
const DEAD = 'http://127.0.0.1:9/';

/** What Temporal keeps of a run. */
interface History {
  events: number;
  bytes: number;
}

/** How large histories become: of each kind of execution, and of what else an event leads to. */
export const history: StagedBench = {
  about: 'what Temporal keeps of each kind of execution, against the bare workflow of as many activities',
  runOn: (stage) =>
    withParts(async (keep) => {
      const arrivals = new Arrivals();
      const receiver = await keep(Child.start<{ url: string }>('receiver', {}, arrivals.add));
      const { url } = receiver.ready;
      const [step] = chainRule(DEAD, 1).steps;
      const failing = (id: string, retries: number) => ({
        ...chainRule(url, 1),
        id,
        event: { type: `bench.${id}` },
        steps: [{ ...step, url: DEAD }],
        retry_schedule: Array.from({ length: retries }, () => '1s'),
      });
      const rules = [
        ...LENGTHS.map((steps) => chainRule(url, steps)),
        failing('escalated-at-once', 0),
        failing('escalated', 5),
        ...Array.from({ length: FAN_OUT }, (_, nth) => ({
          ...chainRule(url, 1),
          id: `fan-${nth}`,
          event: { type: 'bench.fan' },
        })),
      ];
      const service = await keep(
        Service.start(stage, rules, {
          BREAKER_FAILURES: '0',
          DISABLE_AFTER_DAYS: '0',
          ESCALATION_DIGEST: '0',
        }),
      );
      const floor = await keep(startFloor(stage, url));

      const bare = new Map<number, History>();
      for (const steps of LENGTHS) {
        const ask: FloorAsk = { id: `floor-${steps}`, steps, times: 1, atOnce: 1 };
        const [workflowId] = await floor.ask<string[]>(ask);
        bare.set(steps, await lastHistory(stage.floorClient, `WorkflowId = '${workflowId}'`));
      }
      const comparisons: Comparison[] = [];
      const compare = async (what: string, query: string, steps = 1) => {
        const ours = await lastHistory(stage.client, query);
        const theirs = bare.get(steps) ?? { events: NaN, bytes: NaN };
        comparisons.push(
          { what: `${what}: events`, unit: '', ours: [ours.events], theirs: [theirs.events] },
          { what: `${what}: bytes`, unit: 'B', ours: [ours.bytes], theirs: [theirs.bytes] },
        );
      };
      for (const steps of LENGTHS) {
        await service.postEvent(chainEvent(`history-${steps}`, steps));
        await compare(`${steps} steps`, `RuleId = 'steps-${steps}'`, steps);
      }
      for (const id of ['escalated-at-once', 'escalated']) {
        await service.postEvent({ id, type: `bench.${id}`, data: { id } });
        await compare(
          `1 step, ${id === 'escalated' ? '5 retries, escalated' : 'no retry, escalated'}`,
          `RuleId = '${id}'`,
        );
      }
      await service.postEvent({ id: 'fan', type: 'bench.fan', data: { id: 'fan' } });
      await compare(`dispatcher of ${FAN_OUT} executions`, "WorkflowType = 'dispatchEvent'");
      return [
        {
          title: 'One history',
          sides: ['product', 'bare workflow'],
          comparisons,
          notes: ['Where there is no bare workflow of that kind, the ratio is to that of one step.'],
        },
      ];
    }),
};

/** Of the run that a query finds, once it has ended. */
async function lastHistory(client: Client, query: string): Promise<History> {
  for (;;) {
    for await (const { runId, workflowId } of client.workflow.list({
      query: `${query} AND ExecutionStatus = 'Completed'`,
      pageSize: 1,
    })) {
      const { historyLength, raw } = await client.workflow.getHandle(workflowId, runId).describe();
      return { events: historyLength, bytes: Number(raw.workflowExecutionInfo?.historySizeBytes) };
    }
    await delay(100);
  }
}
