import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  belongsTo,
  countExecutions,
  InvalidCursorError,
  listExecutions,
  showExecution,
} from '../../src/client/executions';
import { exportExecutions } from '../../src/client/export-executions';
import type { ExecutionFilter } from '../../src/shared/execution-filter';
import { startExecution } from '../../src/client/start-execution';
import type { RuleExecution } from '../../src/shared/execution';
import { TASK_QUEUE, workflowIdOf } from '../../src/shared/ids';
import { retryNow } from '../../src/workflows/messages';
import { Executions, scoreDrop, until, untilStatus } from '../support/executions';
import { answerBytes, Receiver } from '../support/receiver';
import { createLocalEnvironment } from '../support/temporal';

let environment: TestWorkflowEnvironment;
let executions: Executions;
let receiver: Receiver;
/** What the receiver answers now. */
let status = 200;

beforeAll(async () => {
  environment = await createLocalEnvironment();
  executions = await Executions.start(environment, {
    send: async ({ messageId }) => ({ messageId, receipt: '250 OK' }),
  });
  receiver = await Receiver.start((request, response) => {
    answerBytes('{"ok":true}', { 'content-type': 'application/json' }, status)(request, response);
  });
});
afterAll(async () => {
  await executions.stop();
  await receiver.close();
  await environment.teardown();
});

const list = (filter: ExecutionFilter, limit = 50, cursor?: string) =>
  listExecutions(executions.client, filter, { limit, cursor });

/** The ids that a list has, once there are as many as must be: a list follows an execution by a moment. */
function listed(filter: ExecutionFilter, count = 1): Promise<string[]> {
  return until(async () => {
    const { items } = await list(filter);
    return items.length >= count ? items.map((item) => item.execution_id) : undefined;
  });
}

/** Starts an execution of which nobody takes notice: it waits an hour for its first retry. */
async function startWaiting(
  workspace: string,
  {
    rule = 'watch',
    event = randomUUID(),
    test = false,
  }: { rule?: string; event?: string; test?: boolean } = {},
): Promise<RuleExecution> {
  status = 503;
  executions.rulebook.put({ id: rule, urls: [receiver.url], retry_schedule: ['1h'] });
  const execution = executions.plan(scoreDrop(event), { workspace, test });
  await startExecution(executions.client, execution);
  return execution;
}

describe('a list of executions', () => {
  it('shows what there is to know of each', async () => {
    status = 200;
    executions.rulebook.put({ id: 'shown', urls: [receiver.url] });
    const event = scoreDrop();
    const execution = await executions.trigger(event, { workspace: 'shown', test: true });
    const { executionId } = await execution.result();
    await listed({ workspace: 'shown', status: 'delivered' });
    expect(await list({ workspace: 'shown' })).toEqual({
      items: [
        {
          execution_id: executionId,
          workflow_id: execution.workflowId,
          rule: { id: 'shown' },
          domain: 'example.com',
          event: { id: event.id, type: 'score_drop_threshold' },
          status: 'delivered',
          test: true,
          started_at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
          ended_at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
          next_retry_at: null,
        },
      ],
      nextCursor: null,
    });
  });

  it('has no execution of another workspace', async () => {
    const [one, other] = [await startWaiting('one'), await startWaiting('other')];
    expect(await listed({ workspace: 'one' })).toEqual([one.executionId]);
    expect(await listed({ workspace: 'other' })).toEqual([other.executionId]);
  });

  it('of the default workspace has those from before there were workspaces', async () => {
    const { workspace, ...old } = await startWaiting('new');
    const executionId = randomUUID();
    await environment.client.workflow.start('executeRule', {
      workflowId: workflowIdOf(executionId),
      taskQueue: TASK_QUEUE,
      args: [{ ...old, executionId }],
    });
    expect(workspace).toBe('new');
    expect(await listed({ workspace: 'default' })).toContain(executionId);
  });

  it.each([
    ["it's", 'a quote'],
    ['say "hello"', 'double quotes'],
    ['C:\\events\\', 'backslashes'],
    ["\\' OR WorkflowType != '", 'an escape of the escape'],
    ["' OR 1 = 1 --", 'another query'],
    ['100%_', 'signs of patterns'],
    ['ключ 🔑', 'letters of the world'],
    ['null', 'a word of the language'],
  ])('finds an event by the id %s, which has %s', async (event) => {
    const workspace = 'hostile';
    const { executionId } = await startWaiting(workspace, { event });
    const found = await until(async () => {
      const { items } = await list({ workspace, eventId: event });
      return items.length > 0 ? items : undefined;
    });
    expect(found).toMatchObject([{ execution_id: executionId, event: { id: event } }]);
  });

  it('is narrowed by rule, domain, kind of event and time', async () => {
    const { executionId } = await startWaiting('narrow', { rule: 'mine' });
    await startWaiting('narrow', { rule: 'another' });
    const all = {
      workspace: 'narrow',
      ruleId: 'mine',
      domain: 'example.com',
      eventType: 'score_drop_threshold',
    };
    const from = new Date(Date.now() - 60_000).toISOString();
    expect(await listed({ ...all, startedFrom: from })).toEqual([executionId]);
    expect((await list({ ...all, startedBefore: from })).items).toEqual([]);
    expect((await list({ ...all, domain: 'example.org' })).items).toEqual([]);
  });

  it('tells tests from others', async () => {
    const [test, real] = [await startWaiting('trials', { test: true }), await startWaiting('trials')];
    await listed({ workspace: 'trials' }, 2);
    expect(await listed({ workspace: 'trials', test: true })).toEqual([test.executionId]);
    expect(await listed({ workspace: 'trials', test: false })).toEqual([real.executionId]);
  });

  it('comes in pages, which together have each execution once', async () => {
    const started = [];
    for (let number = 0; number < 5; number += 1) started.push(await startWaiting('pages'));
    await listed({ workspace: 'pages' }, 5);
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ workspace: 'pages' }, 2, cursor);
      found.push(...page.items.map((item) => item.execution_id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(found.sort()).toEqual(started.map(({ executionId }) => executionId).sort());
  });

  it('begins with the newest', async () => {
    const [older, newer] = [await startWaiting('order'), await startWaiting('order')];
    expect(await listed({ workspace: 'order' }, 2)).toEqual([newer.executionId, older.executionId]);
  });

  it.each(['', '!', 'AAAA', Buffer.from('{"a":1').toString('base64url')])(
    'does not begin at the cursor "%s"',
    async (cursor) => {
      await expect(list({ workspace: 'pages' }, 2, cursor)).rejects.toThrow(InvalidCursorError);
    },
  );
});

describe('a status', () => {
  const workspace = 'statuses';
  const expected: Record<string, string> = {};

  beforeAll(async () => {
    for (const kind of ['waiting_for_retry', 'cancelled', 'terminated', 'abandoned']) {
      const started = await startWaiting(workspace, { rule: `is-${kind}` });
      const execution = executions.handle(started);
      await untilStatus(execution, 'waiting_for_retry');
      if (kind === 'cancelled') await execution.cancel();
      if (kind === 'terminated') await execution.terminate();
      if (kind === 'abandoned') {
        executions.rulebook.delete(`is-${kind}`);
        await execution.executeUpdate(retryNow);
      }
      expected[kind] = started.executionId;
    }
    status = 503;
    executions.rulebook.put({ urls: [receiver.url], retry_schedule: [] });
    const escalated = await executions.trigger(scoreDrop(), { workspace });
    expected['escalated'] = (await escalated.result()).executionId;
    expected['running'] = expected['waiting_for_retry'] ?? '';
  });

  it.each(['waiting_for_retry', 'running', 'cancelled', 'terminated', 'abandoned', 'escalated'] as const)(
    '%s finds what is so, and nothing else',
    async (wanted) => {
      const found = await until(async () => {
        const { items } = await list({ workspace, status: wanted });
        // The list follows by a moment: what has ended may be there as running.
        return items.length === 1 ? items[0] : undefined;
      });
      expect([found.execution_id, found.status]).toEqual([
        expected[wanted],
        wanted === 'running' ? 'waiting_for_retry' : wanted,
      ]);
    },
  );

  it.each(['delivering', 'escalating', 'delivered', 'failed'] as const)(
    '%s finds nothing when nothing is so',
    async (wanted) => {
      expect((await list({ workspace, status: wanted })).items).toEqual([]);
    },
  );

  it('of a wait comes with the time of the next retry', async () => {
    const { items } = await list({ workspace });
    expect(items.filter((item) => item.next_retry_at !== null).map((item) => item.execution_id)).toEqual([
      expected['waiting_for_retry'],
    ]);
  });
});

describe('a count of executions', () => {
  it('is that of the list', async () => {
    await startWaiting('counted');
    await startWaiting('counted');
    await listed({ workspace: 'counted' }, 2);
    expect(await countExecutions(executions.client, { workspace: 'counted' })).toBe(2);
  });

  it('of what is not there is 0', async () => {
    expect(await countExecutions(executions.client, { workspace: 'nobody' })).toBe(0);
  });
});

describe('one execution', () => {
  it('is shown as it stands on the server', async () => {
    const execution = await startWaiting('show');
    await untilStatus(executions.handle(execution), 'waiting_for_retry');
    const detail = await showExecution(executions.client, 'show', execution.executionId);
    expect(detail).toMatchObject({
      status: 'waiting_for_retry',
      next_retry: { number: 1, of: 1 },
      steps: [{ state: 'waiting_for_retry', attempts: [{ status: 503, response: { body: '{"ok":true}' } }] }],
    });
  });

  it('is not shown to another workspace', async () => {
    const { executionId } = await startWaiting('mine');
    expect(await showExecution(executions.client, 'theirs', executionId)).toBeUndefined();
    expect(await belongsTo(executions.client, 'theirs', executionId)).toBe(false);
    expect(await belongsTo(executions.client, 'mine', executionId)).toBe(true);
  });

  it.each([randomUUID(), 'no-uuid', '', '../rule'])(
    'by an id that is not known ("%s") is none',
    async (id) => {
      expect(await showExecution(executions.client, 'mine', id)).toBeUndefined();
      expect(await belongsTo(executions.client, 'mine', id)).toBe(false);
    },
  );
});

it.each([false, true])(
  'exports what the filter means and nothing of other workspaces (detail: %s)',
  async (detail) => {
    const workspace = `exported-${String(detail)}`;
    const { executionId } = await startWaiting(workspace);
    await startWaiting(`${workspace}-other`);
    await listed({ workspace });
    const exported = [];
    for await (const page of exportExecutions(executions.client, { workspace }, { detail }))
      exported.push(...page);
    expect(exported.map((execution) => execution.execution_id)).toEqual([executionId]);
    expect('steps' in (exported[0] ?? {})).toBe(detail);
  },
);
