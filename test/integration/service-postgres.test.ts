import { sampleEvent } from '../support/events';
import { until } from '../support/executions';
import { canHavePostgres, createDatabase, PostgresCluster } from '../support/postgres';
import { Receiver } from '../support/receiver';
import { rulebookDocument } from '../support/rules-file';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

(canHavePostgres() ? describe : describe.skip)('the service with its store in PostgreSQL', () => {
  let cluster: PostgresCluster;
  let receiver: Receiver;
  let service: ServiceProcess;
  beforeAll(async () => {
    cluster = await PostgresCluster.start();
    receiver = await Receiver.start();
    service = await ServiceProcess.start(temporaryFolder(), {
      DATABASE_URL: await createDatabase(cluster.url),
    });
    await service.call('PUT', '/v1/rules', rulebookDocument({ urls: [receiver.url] }));
  });
  afterAll(async () => {
    await service.kill('SIGTERM');
    await receiver.close();
    await cluster.remove();
  });

  it('delivers what an event leads to', async () => {
    const { status } = await service.event(sampleEvent());
    expect(status).toBe(202);
    await receiver.received(1);
    expect(receiver.requests[0]?.json['domain']).toBe('example.com');
  });

  it('starts one execution of an event that comes over 50 connections at the same moment', async () => {
    const event = sampleEvent({ id: 'evt-50' });
    const answers = await Promise.all(Array.from({ length: 50 }, () => service.event(event)));
    const ids = answers.flatMap(({ body }) => body.executions.map(({ execution_id }) => execution_id));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(202));
    expect(new Set(ids).size).toBe(1);
    expect(answers.filter(({ body }) => !body.duplicate)).toHaveLength(1);
    const executions = await until(async () => {
      const listed = await service.all('/v1/executions?event=evt-50');
      return listed.length > 0 ? listed : undefined;
    });
    expect(executions).toHaveLength(1);
  });

  it('answers 503 with Retry-After while PostgreSQL is away, and takes the event when it is back', async () => {
    const event = sampleEvent({ id: 'evt-away' });
    await cluster.pause();
    const away = await service.event(event);
    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await service.get('/readyz')).toMatchObject({ status: 503, body: { parts: { store: 'away' } } });
    await cluster.resume();
    const back = await until(async () => {
      const answer = await service.event(event);
      return answer.status === 202 ? answer : undefined;
    });
    expect(back.body).toMatchObject({ duplicate: false, matched: 1 });
  });
});
