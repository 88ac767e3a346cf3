import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { postgresServer } from '../parties/postgres';
import { temporalServer } from '../parties/temporal-server';
import type { Surroundings, Topology } from '../topology';
import { serviceByWays, Ways } from './ways';

/** An API and a worker as processes of their own, with PostgreSQL and a Temporal server. */
export async function separate({ folder, disk, receiver, smtp, preload }: Surroundings): Promise<Topology> {
  const serverFolder = disk?.folder ?? folder;
  const temporal = await temporalServer(serverFolder, join(folder, 'temporal.log'));
  const postgres = await postgresServer(serverFolder, join(folder, 'postgres.log'));
  await Promise.all([temporal.party.start(), postgres.party.start()]);

  const ways = new Ways();
  const toApi = await ways.open('load-api', '');
  const toReceiver = await ways.open('worker-receiver', receiver);
  const toSmtp = await ways.open('worker-smtp', `127.0.0.1:${smtp.port}`);
  const to = { temporal, postgres, folder, preload };
  const ENCRYPTION_KEY = randomBytes(32).toString('base64');
  const api = await serviceByWays(ways, to, {
    ...{ role: 'api', name: 'api' },
    settings: { ENCRYPTION_KEY },
    onUrl: (address) => (toApi.target = address),
  });
  const worker = await serviceByWays(ways, to, {
    ...{ role: 'worker', name: 'worker' },
    settings: { ENCRYPTION_KEY, SMTP_URL: `smtp://${toSmtp.address}` },
  });
  await api.start();
  await worker.start();
  return {
    parties: [api, worker, temporal.party, postgres.party],
    links: ways.links,
    disk,
    smtp,
    api,
    loadUrls: [`http://${toApi.address}`],
    receiverUrl: `http://${toReceiver.address}`,
    adminKey: () => readFileSync(join(folder, 'api', 'admin-key'), 'utf8').trim(),
    stop: async () => {
      await Promise.all([api.shutDown(), worker.shutDown()]);
      await ways.close();
      await Promise.all([temporal.party.shutDown(), postgres.party.shutDown()]);
      await postgres.remove();
    },
  };
}
