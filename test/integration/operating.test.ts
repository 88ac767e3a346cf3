import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleEvent } from '../support/events';
import { until } from '../support/executions';
import { answerBytes, answerJson, Receiver } from '../support/receiver';
import { rulebookDocument } from '../support/rules-file';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

/** As much of an execution as is looked at here. */
interface Shown {
  status: string;
  hold: { reason: string } | null;
  cancellation: { by: string; reason: string } | null;
  restart_of: string | null;
  restarted_as: string | null;
  steps: { state: string; reason: string | null; attempts: { error: string | null }[] }[];
}

const folder = temporaryFolder();
let service: ServiceProcess;
const receivers: Receiver[] = [];
beforeAll(async () => {
  service = await ServiceProcess.start(folder, { BREAKER_FAILURES: '3', RELEASE_PER_SECOND: '100' });
});
afterAll(async () => {
  await service.kill('SIGTERM');
  await Promise.all(receivers.map((receiver) => receiver.close()));
});

/** A receiver that answers with this status, until it is told otherwise. */
async function receiverWith(status: number): Promise<Receiver & { status: number }> {
  const receiver = await Receiver.start((request, response) => {
    const answer =
      shown.status < 300 ? answerJson(shown.status, { ok: true }) : answerBytes('', {}, shown.status);
    answer(request, response);
  });
  const shown = Object.assign(receiver, { status });
  receivers.push(receiver);
  return shown;
}

/** Makes this the only rule that the next event matches. @returns its id */
async function putRule(urls: string[], rest: { retry_schedule?: string[] } = {}): Promise<string> {
  const id = `rule-${randomUUID()}`;
  const earlier = await service.all<{ id: string }>('/v1/rules');
  for (const rule of earlier) await service.call('DELETE', `/v1/rules/${rule.id}`);
  await service.call('PUT', '/v1/rules', rulebookDocument({ id, urls, ...rest }));
  return id;
}

/** @returns the path of the execution that an event starts */
async function trigger(): Promise<string> {
  const { body } = await service.event(sampleEvent({ id: randomUUID() }));
  return `/v1/executions/${body.executions[0]?.execution_id ?? ''}`;
}

async function shown(path: string): Promise<Shown> {
  return (await service.get<Shown>(path)).body;
}

function untilStatus(path: string, status: string): Promise<Shown> {
  return until(async () => {
    const execution = await shown(path);
    return execution.status === status ? execution : undefined;
  });
}

function act(path: string, verb: string, body?: object) {
  return service.call('POST', `${path}/${verb}`, body);
}

async function listed(query: string, count: number): Promise<void> {
  await until(async () => {
    const { body } = await service.get(`/v1/executions/count?${query}`);
    return body['count'] === count ? true : undefined;
  });
}

describe('an execution that waits', () => {
  let rule: string;
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await receiverWith(503);
    rule = await putRule([receiver.url], { retry_schedule: ['1h'] });
  });

  it('is retried at once, which uses up no retry', async () => {
    const path = await trigger();
    await untilStatus(path, 'waiting_for_retry');
    expect(await act(path, 'retry')).toMatchObject({ status: 200, body: { attempt: 2 } });
    const again = await until(async () => {
      const now = await shown(path);
      return now.status === 'waiting_for_retry' && now.steps[0]?.attempts.length === 2 ? now : undefined;
    });
    expect(again).toMatchObject({ next_retry: { number: 1, of: 1 } });
  });

  it('is paused, and delivered by a retry all the same', async () => {
    const path = await trigger();
    await untilStatus(path, 'waiting_for_retry');
    expect(await act(path, 'pause')).toMatchObject({ status: 200 });
    expect((await shown(path)).status).toBe('paused');
    expect(await act(path, 'pause')).toMatchObject({
      status: 409,
      body: { detail: 'it is paused already.' },
    });
    expect(await act(path, 'resume')).toMatchObject({ status: 200 });
    expect((await shown(path)).status).toBe('waiting_for_retry');
  });

  it('is cancelled, and says by whom and why', async () => {
    const path = await trigger();
    await untilStatus(path, 'waiting_for_retry');
    expect(await act(path, 'cancel', { reason: 'sent by mistake' })).toMatchObject({ status: 202 });
    expect(await untilStatus(path, 'cancelled')).toMatchObject({
      cancellation: { by: expect.stringMatching(/^key\//) as string, reason: 'sent by mistake' },
    });
    expect(await act(path, 'retry')).toMatchObject({
      status: 409,
      body: { detail: 'the execution has ended.' },
    });
  });

  it('for a retry looks at once for its rule when that is deleted, and calls nothing', async () => {
    const path = await trigger();
    await untilStatus(path, 'waiting_for_retry');
    await listed(`rule=${rule}&status=waiting_for_retry`, 1);
    await service.call('DELETE', `/v1/rules/${rule}`);
    // Whether an edit is half saved is waited for, for ten minutes.
    expect(await untilStatus(path, 'delivering')).toMatchObject({
      steps: [{ attempts: [{ status: 503 }, { status: null }] }],
    });
    expect(receiver.requests).toHaveLength(1);
  });

  it('while it is held looks at once for its rule when that is deleted', async () => {
    await service.call('POST', `/v1/rules/${rule}/pause`);
    const path = await trigger();
    await untilStatus(path, 'held');
    await listed(`rule=${rule}&status=held`, 1);
    await service.call('DELETE', `/v1/rules/${rule}`);
    // It looks at once; whether an edit is half saved is waited for, for ten minutes.
    expect(await untilStatus(path, 'delivering')).toMatchObject({ hold: null });
  });
});

describe('an execution that was escalated', () => {
  it('is restarted from the step that failed, with what the earlier ones answered; once', async () => {
    const [first, second] = [await receiverWith(200), await receiverWith(503)];
    await putRule([first.url, second.url], { retry_schedule: [] });
    const path = await trigger();
    await untilStatus(path, 'escalated');
    second.status = 200;
    const { status, body } = await act(path, 'restart');
    expect(status).toBe(202);
    const restarted = `/v1/executions/${String(body['restarted_as'])}`;
    expect(await untilStatus(restarted, 'delivered')).toMatchObject({
      restart_of: path.split('/').at(-1),
      steps: [{ state: 'kept' }, { state: 'delivered' }],
    });
    expect(first.requests).toHaveLength(1);
    expect(second.requests.at(-1)?.json['webhooks']).toMatchObject([{ url: `${first.url}/` }]);
    expect(await shown(path)).toMatchObject({ restarted_as: body['restarted_as'] });
    expect(await act(path, 'restart')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('it was restarted before, as') as string },
    });
  });

  it('is restarted from any step up to the one that failed', async () => {
    const [first, second, third] = [
      await receiverWith(200),
      await receiverWith(200),
      await receiverWith(503),
    ];
    await putRule([first.url, second.url, third.url], { retry_schedule: [] });
    const path = await trigger();
    await untilStatus(path, 'escalated');
    expect(await act(path, 'restart', { from_step: 'none' })).toMatchObject({ status: 409 });
    const { body } = await act(path, 'restart', { from_step: 'step-2' });
    const restarted = `/v1/executions/${String(body['restarted_as'])}`;
    await untilStatus(restarted, 'escalated');
    expect([first, second, third].map(({ requests }) => requests.length)).toEqual([1, 2, 2]);
    expect(second.requests.at(-1)?.json['webhooks']).toMatchObject([{ url: `${first.url}/` }]);
    // What the first answered is still known there.
    await act(restarted, 'restart', { from_step: 'step-1' });
    const again = (await shown(restarted)).restarted_as;
    await untilStatus(`/v1/executions/${again}`, 'escalated');
    expect([first, second, third].map(({ requests }) => requests.length)).toEqual([2, 3, 3]);
  });

  it('is not restarted from a step after the one that failed', async () => {
    const [first, second] = [await receiverWith(503), await receiverWith(200)];
    await putRule([first.url, second.url], { retry_schedule: [] });
    const path = await trigger();
    await untilStatus(path, 'escalated');
    expect(await act(path, 'restart', { from_step: 'step-2' })).toMatchObject({
      status: 409,
      body: { detail: 'step step-1, before it, was not delivered.' },
    });
  });

  it('is recovered with all others of its destination, after they were counted', async () => {
    const receiver = await receiverWith(503);
    await putRule([receiver.url], { retry_schedule: [] });
    const paths = [await trigger(), await trigger()];
    for (const path of paths) await untilStatus(path, 'escalated');
    const filter = { destination: receiver.url, status: 'escalated' };
    await listed(new URLSearchParams(filter).toString(), 2);
    receiver.status = 200;
    const operation = { action: 'restart_from_failed', filter };
    const counted = await service.call('POST', '/v1/bulk-operations', { ...operation, dry_run: true });
    expect(counted).toMatchObject({ status: 200, body: { count: 2, sample: [{}, {}] } });
    expect(receiver.requests).toHaveLength(2);
    const started = await service.call('POST', '/v1/bulk-operations', operation);
    expect(started.status).toBe(202);
    const report = await until(async () => {
      const { body } = await service.get(`/v1/bulk-operations/${String(started.body['id'])}`);
      return body['status'] === 'ended' ? body : undefined;
    });
    expect(report).toMatchObject({ progress: { selected: 2, done: 2, refused: {} } });
    for (const path of paths) {
      const { restarted_as: id } = await shown(path);
      await untilStatus(`/v1/executions/${id}`, 'delivered');
    }
  });
});

describe('what calls a destination', () => {
  it('is held once that says that it is gone, until somebody enables it; its owner is told', async () => {
    const receiver = await receiverWith(410);
    await putRule([receiver.url], { retry_schedule: ['1h'] });
    const address = `/v1/destinations/${encodeURIComponent(receiver.url)}`;
    await trigger();
    const disabled = await until(async () => {
      const { body } = await service.get<{ health: { disabled: object | null } }>(address);
      return body.health.disabled ?? undefined;
    });
    expect(disabled).toMatchObject({ by: 'delivery', reason: 'it answered 410 Gone' });
    const path = await trigger();
    expect(await untilStatus(path, 'held')).toMatchObject({
      hold: { reason: expect.stringContaining('is disabled since') as string },
      steps: [{ state: 'held', attempts: [] }],
    });
    const mail = await until(async () => mails().find((text) => text.includes('Destination disabled')));
    expect(mail).toContain('To: Ada <ada@example.com>');
    await listed(`status=held&destination=${encodeURIComponent(receiver.url)}`, 1);
    receiver.status = 200;
    expect(await service.call('POST', `${address}/enable`)).toMatchObject({
      status: 200,
      body: { health: { disabled: null } },
    });
    expect(await untilStatus(path, 'delivered')).toMatchObject({ steps: [{ attempts: [{}] }] });
  });

  it('is held by a circuit breaker after three failures, unless somebody asks for an attempt', async () => {
    const receiver = await receiverWith(503);
    await putRule([receiver.url], { retry_schedule: ['1h'] });
    for (let nth = 0; nth < 3; nth += 1) await untilStatus(await trigger(), 'waiting_for_retry');
    const path = await trigger();
    expect(await untilStatus(path, 'held')).toMatchObject({
      hold: { reason: `${receiver.url} does not answer: calls wait until it does` },
    });
    expect(receiver.requests).toHaveLength(3);
    receiver.status = 200;
    expect(await act(path, 'retry')).toMatchObject({ body: { attempt: 1 } });
    await untilStatus(path, 'delivered');
  });

  it('is held while its rule is paused, and goes on when that is resumed', async () => {
    const receiver = await receiverWith(200);
    const rule = await putRule([receiver.url]);
    await service.call('POST', `/v1/rules/${rule}/pause`);
    const path = await trigger();
    expect(await untilStatus(path, 'held')).toMatchObject({
      hold: { reason: expect.stringContaining('the rule is paused since') as string },
    });
    await listed(`rule=${rule}&status=held`, 1);
    await service.call('POST', `/v1/rules/${rule}/resume`);
    await untilStatus(path, 'delivered');
  });
});

it('the audit log says who retried, cancelled, restarted and enabled what', async () => {
  const entries = await service.all<{ action: string }>('/v1/audit');
  const actions = entries.map(({ action }) => action);
  expect(actions).toEqual(
    expect.arrayContaining([
      'execution.retry',
      'execution.pause',
      'execution.cancel',
      'execution.restart_from_failed',
      'bulk_operation.started',
      'destination.disabled',
      'destination.enabled',
    ]),
  );
});

/** The mails that were written into files. */
function mails(): string[] {
  const place = join(folder, 'mail');
  return readdirSync(place).map((name) => readFileSync(join(place, name), 'utf8'));
}
