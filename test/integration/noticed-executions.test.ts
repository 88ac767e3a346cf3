import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { countRestarted, countSelected, pageOfSelected } from '../../src/client/selected-executions';
import { restartExecution } from '../../src/client/restart-execution';
import { DEFAULT_WORKSPACE, workflowIdOf } from '../../src/shared/ids';
import { openStore } from '../../src/store/open-store';
import type { Store } from '../../src/store/store';
import { Executions, until } from '../support/executions';
import { answerBytes, Receiver } from '../support/receiver';
import { createLocalEnvironment } from '../support/temporal';
import { temporaryFolder } from '../support/temporary-folder';

const workspace = DEFAULT_WORKSPACE;
const noticeId = randomUUID();
/** More than are looked for at once. */
const TOLD = 230;

let environment: TestWorkflowEnvironment;
let executions: Executions;
let receiver: Receiver;
let store: Store;
/** Those of the notice that are still there, in the order in which they were escalated. */
let there: string[];

beforeAll(async () => {
  environment = await createLocalEnvironment();
  receiver = await Receiver.start(answerBytes('', {}, 503));
  store = await openStore({ dataFolder: temporaryFolder() });
  executions = await Executions.start(environment, {
    send: async ({ messageId }) => ({ messageId, receipt: '250 OK' }),
  });
  executions.rulebook.put({ urls: [receiver.url], retry_schedule: [] });
  const started = await Promise.all(Array.from({ length: 5 }, () => executions.trigger()));
  await Promise.all(started.map((execution) => execution.result()));
  // Of the five, one is told alone, before the others are gathered among many that are not there any more.
  const [alone = '', ...others] = started.map(({ workflowId }) => workflowId.replace(workflowIdOf(''), ''));
  there = others;
  await record(alone, 0);
  for (let nth = 1; nth <= TOLD; nth += 1) {
    await record(nth % 50 === 0 ? (there[nth / 50 - 1] ?? '') : randomUUID(), nth);
  }
  await until(async () => {
    const count = await countSelected(places(), { workspace, ruleId: 'watch', status: 'escalated' });
    return count === started.length || undefined;
  });
});
afterAll(async () => {
  await executions.stop();
  await Promise.all([receiver.close(), store.close(), environment.teardown()]);
});

const places = () => ({ client: executions.client, notices: store.escalations });

async function record(executionId: string, second: number): Promise<void> {
  const at = new Date(Date.UTC(2026, 0, 5, 8, 0, second)).toISOString();
  const rule = { workspace, ruleId: 'watch', ruleName: 'Score watch', owner: { email: 'ada@example.com' } };
  const failure = { domain: 'example.com', origin: receiver.url, url: receiver.url, error: '503' };
  await store.escalations.record({ executionId, ...rule, ...failure, at }, 3_600_000);
  if (second === TOLD) await store.escalations.gather({ workspace, ruleId: 'watch' }, noticeId, at);
}

async function paged(limit: number): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await pageOfSelected(places(), { workspace, noticeId }, { limit, cursor });
    found.push(...page.items.map(({ execution_id }) => execution_id));
    if (page.nextCursor === null) return found;
    cursor = page.nextCursor;
  }
}

it('those that are still there are counted, and no others', async () => {
  expect(await countSelected(places(), { workspace, noticeId })).toBe(4);
});

it('what else is asked for must hold too', async () => {
  expect(await countSelected(places(), { workspace, noticeId, status: 'delivered' })).toBe(0);
});

it.each([50, 230, 1_000])('each comes once, in pages of %i', async (limit) => {
  expect(await paged(limit)).toEqual(there);
});

it('a cursor that no page gave is refused', async () => {
  const page = pageOfSelected(places(), { workspace, noticeId }, { limit: 10, cursor: '-1' });

  await expect(page).rejects.toThrow('the cursor is not one that a list gave');
});

it('those that were restarted are counted', async () => {
  const { client, rulebook } = executions;
  await restartExecution({ client, rulebook }, { workspace, executionId: there[0] ?? '', from: 'failed' });

  expect(
    await until(async () => (await countRestarted(places(), { workspace, noticeId })) || undefined),
  ).toBe(1);
});
