import { sampleEvent } from '../support/events';
import { until } from '../support/executions';
import { rulebookDocument } from '../support/rules-file';
import type { AcceptedAnswer } from '../support/api-caller';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

const EVENTS = 1_000;
const SENDERS = 20;
/** The service is killed when this many have been accepted. */
const KILLED_AFTER = 300;

/** Sends events 1 to EVENTS over several connections, each event until it is accepted. */
class Senders {
  readonly accepted = new Map<string, AcceptedAnswer>();
  private next = 0;

  constructor(private readonly service: () => Promise<ServiceProcess>) {}

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: SENDERS }, () => this.send()));
  }

  private async send(): Promise<void> {
    while (this.next < EVENTS) {
      this.next += 1;
      const event = sampleEvent({ id: `evt-${this.next}` });
      await until(() => this.post(event));
    }
  }

  private async post(event: { id: string }): Promise<true | undefined> {
    try {
      const { status, body } = await (await this.service()).event(event);
      if (status !== 202) return undefined;
      this.accepted.set(event.id, body);
      return true;
    } catch {
      // The service is gone: the same event is sent again to the one that takes its place.
      return undefined;
    }
  }
}

it('each of 1,000 events that was answered with 202 has its one execution after a SIGKILL in their midst', async () => {
  const folder = temporaryFolder();
  // It takes events and has its own Temporal server, and executes none: what counts here is that they were started.
  const start = () => ServiceProcess.start(folder, {}, ['--role', 'api']);
  let service = Promise.resolve(await start());
  await (await service).call('PUT', '/v1/rules', rulebookDocument({ urls: ['https://example.com/'] }));

  const senders = new Senders(() => service);
  const sending = senders.run();
  await until(async () => (senders.accepted.size >= KILLED_AFTER ? true : undefined));
  const before = new Map(senders.accepted);
  service = (await service).kill('SIGKILL').then(() => start());
  await sending;

  const wanted = [...senders.accepted.values()].flatMap(({ executions }) =>
    executions.map(({ execution_id }) => execution_id),
  );
  const there = await until(async () => {
    const executions = await (await service).all<{ execution_id: string }>('/v1/executions');
    return executions.length >= EVENTS ? executions : undefined;
  });
  expect(there.map(({ execution_id }) => execution_id).sort()).toEqual(wanted.sort());
  expect(wanted).toHaveLength(EVENTS);
  for (const [id, { executions }] of before) {
    expect((await (await service).event(sampleEvent({ id }))).body).toMatchObject({
      duplicate: true,
      executions,
    });
  }
  await (await service).kill('SIGTERM');
}, 180_000);
