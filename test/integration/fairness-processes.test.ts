import { destinationSettingsSchema } from '../../src/destinations/settings';
import { DEFAULT_WORKSPACE } from '../../src/shared/ids';
import { openStore } from '../../src/store/open-store';
import { sampleEvent } from '../support/events';
import { until } from '../support/executions';
import { Program } from '../support/program';
import { Receiver } from '../support/receiver';
import { rulebookDocument } from '../support/rules-file';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

const EVENTS = 12;
const LIMIT = 2;

it('the limit of a destination holds over two processes that make calls', async () => {
  const folder = temporaryFolder();
  const service = await ServiceProcess.start(folder);
  const store = await openStore({ dataFolder: folder });
  let [underWay, most] = [0, 0];
  const receiver = await Receiver.start((_request, response) => {
    most = Math.max(most, (underWay += 1));
    setTimeout(() => {
      underWay -= 1;
      response.end('{}');
    }, 200);
  });
  await store.destinations.putSettings(
    { workspace: DEFAULT_WORKSPACE, actor: 'test' },
    receiver.url,
    destinationSettingsSchema.parse({ limits: { max_concurrent: LIMIT } }),
  );
  const worker = Program.start('main.js', ['--role', 'worker'], {
    DATA_DIR: folder,
    ALLOWED_NETWORKS: '127.0.0.0/8',
  });
  await worker.printed(/Ready/);
  await service.call('PUT', '/v1/rules', rulebookDocument({ urls: [receiver.url] }));

  for (let nth = 0; nth < EVENTS; nth += 1) await service.event(sampleEvent({ id: `e-${nth}` }));
  await until(async () => {
    const { body } = await service.get<{ count: number }>('/v1/executions/count?status=delivered');
    return body.count === EVENTS ? body : undefined;
  });
  expect(most).toBe(LIMIT);
  expect(receiver.requests).toHaveLength(EVENTS);

  await worker.kill('SIGTERM');
  await service.kill('SIGTERM');
  await store.close();
  await receiver.close();
});
