import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { sampleEvent } from '../support/events';
import { until } from '../support/executions';
import { Receiver } from '../support/receiver';
import { rulebookDocument } from '../support/rules-file';
import { ServiceProcess } from '../support/service';
import { createLocalEnvironment } from '../support/temporal';
import { temporaryFolder } from '../support/temporary-folder';

interface Operation {
  status: string;
  progress: { selected: number; done: number; refused: Record<string, number> } | null;
}

let environment: TestWorkflowEnvironment;
let receiver: Receiver;
let service: ServiceProcess;
/** What the receiver answers now. */
let answers = 503;
const folder = temporaryFolder();

const startService = () =>
  // Without a breaker, which would hold most of them.
  ServiceProcess.start(folder, { TEMPORAL_ADDRESS: environment.address, BREAKER_FAILURES: '0' });

beforeAll(async () => {
  environment = await createLocalEnvironment();
  receiver = await Receiver.start((_request, response) => response.writeHead(answers).end('{}'));
  service = await startService();
});
afterAll(async () => {
  await service.kill('SIGKILL');
  await receiver.close();
  await environment.teardown();
});

/** Starts executions of a rule that is the only one, and waits until as many are listed as `status`. */
async function startAll(count: number, rule: { id: string; retry_schedule: string[] }, status: string) {
  answers = 503;
  await service.call('PUT', '/v1/rules', rulebookDocument({ ...rule, urls: [receiver.url] }));
  const events = Array.from({ length: count }, (_, nth) => sampleEvent({ id: `${rule.id}-${nth}` }));
  const accepted = await Promise.all(events.map((event) => service.event(event)));
  await until(async () => {
    const { body } = await service.get(`/v1/executions/count?rule=${rule.id}&status=${status}`);
    return body['count'] === count || undefined;
  });
  return accepted.flatMap(({ body }) => body.executions.map(({ workflow_id }) => workflow_id));
}

async function begin(id: string, action: string, filter: object, per_second = 50): Promise<void> {
  const { status } = await service.call('POST', '/v1/bulk-operations', { id, action, filter, per_second });
  expect(status).toBe(202);
}

function ended(id: string): Promise<Operation> {
  return until(async () => {
    const { body } = await service.get<Operation>(`/v1/bulk-operations/${id}`);
    return body.status === 'running' ? undefined : body;
  });
}

/** How often an execution was told to retry. */
async function retriesOf(workflowId: string): Promise<number> {
  const { events } = await environment.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length;
}

describe('a bulk operation whose process is killed', () => {
  const COUNT = 120;

  it('goes on in the next one, and each execution was told once', async () => {
    const workflowIds = await startAll(COUNT, { id: 'waiting', retry_schedule: ['1h'] }, 'waiting_for_retry');
    answers = 200;
    await begin('retry-all', 'retry', { rule: 'waiting', status: 'waiting_for_retry' });
    // In the middle of the second of three pages, whose executions change their status meanwhile.
    await receiver.received(COUNT + 60);
    await service.kill('SIGKILL');
    service = await startService();

    expect((await ended('retry-all')).progress).toMatchObject({ selected: COUNT, done: COUNT, refused: {} });
    expect(await Promise.all(workflowIds.map(retriesOf))).toEqual(Array(COUNT).fill(1));
  });
});

describe('escalated executions', () => {
  const COUNT = 5;
  const escalated = { rule: 'gone', status: 'escalated' };

  it('are restarted by one operation, and by a second one no more', async () => {
    await startAll(COUNT, { id: 'gone', retry_schedule: [] }, 'escalated');
    answers = 200;
    await begin('recover', 'restart_from_failed', escalated);
    const first = await ended('recover');
    await begin('recover-again', 'restart_from_failed', escalated);
    const second = await ended('recover-again');

    expect(first.progress).toMatchObject({ selected: COUNT, done: COUNT, refused: {} });
    expect(second.progress).toMatchObject({ done: 0, refused: { 'it was restarted before': COUNT } });
  });
});
