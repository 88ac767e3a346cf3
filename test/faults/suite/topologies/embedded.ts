import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Link } from '../link';
import { EmbeddedTemporal } from '../parties/embedded-temporal';
import { ServiceParty } from '../parties/service';
import type { Surroundings, Topology } from '../topology';

/** One process that does all, with SQLite and the embedded Temporal server. */
export async function embedded({ folder, disk, receiver, smtp, preload }: Surroundings): Promise<Topology> {
  const dataFolder = join(disk?.folder ?? folder, 'data');
  const toReceiver = await Link.open('service-receiver', receiver);
  const toSmtp = await Link.open('service-smtp', `127.0.0.1:${smtp.port}`);
  const toApi = await Link.open('load-api', '');
  const service = new ServiceParty({
    name: 'service',
    settings: {
      DATA_DIR: dataFolder,
      SMTP_URL: `smtp://${toSmtp.address}`,
      TEMPORAL_DEV_PORT: '0',
      TEMPORAL_DEV_UI_PORT: '0',
    },
    logFile: join(folder, 'service.log'),
    preload,
    onUrl: (address) => (toApi.target = address),
  });
  await service.start();
  const links = [toReceiver, toSmtp, toApi];
  return {
    parties: [service, new EmbeddedTemporal(service, dataFolder)],
    links,
    disk,
    smtp,
    api: service,
    loadUrls: [`http://${toApi.address}`],
    receiverUrl: `http://${toReceiver.address}`,
    adminKey: () => readFileSync(join(dataFolder, 'admin-key'), 'utf8').trim(),
    stop: async () => {
      await service.shutDown();
      await Promise.all(links.map((link) => link.close()));
    },
  };
}
