import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Link } from '../link';
import { postgresServer } from '../parties/postgres';
import { ServiceParty } from '../parties/service';
import { temporalServer } from '../parties/temporal-server';
import type { Surroundings, Topology } from '../topology';

/** An API and a worker as processes of their own, with PostgreSQL and a Temporal server. */
export async function separate({ folder, disk, receiver, smtp, preload }: Surroundings): Promise<Topology> {
  const serverFolder = disk?.folder ?? folder;
  const temporal = await temporalServer(serverFolder, join(folder, 'temporal.log'));
  const postgres = await postgresServer(serverFolder, join(folder, 'postgres.log'));
  await Promise.all([temporal.party.start(), postgres.party.start()]);

  const links: Link[] = [];
  const link = async (name: string, target: string) => {
    const opened = await Link.open(name, target);
    links.push(opened);
    return opened;
  };
  const toApi = await link('load-api', '');
  const toReceiver = await link('worker-receiver', receiver);
  const toSmtp = await link('worker-smtp', `127.0.0.1:${smtp.port}`);
  const encryptionKey = randomBytes(32).toString('base64');
  const service = async (role: 'api' | 'worker', more: Record<string, string>) => {
    const toTemporal = await link(`${role}-temporal`, temporal.address);
    const toPostgres = await link(`${role}-postgres`, postgres.address);
    return new ServiceParty({
      name: role,
      settings: {
        ROLE: role,
        DATA_DIR: join(folder, role),
        DATABASE_URL: postgres.urlBy(toPostgres.address),
        TEMPORAL_ADDRESS: toTemporal.address,
        ENCRYPTION_KEY: encryptionKey,
        ...more,
      },
      logFile: join(folder, `${role}.log`),
      preload,
      onUrl: (address) => {
        if (role === 'api') toApi.target = address;
      },
    });
  };
  const api = await service('api', {});
  const worker = await service('worker', { SMTP_URL: `smtp://${toSmtp.address}` });
  await api.start();
  await worker.start();
  return {
    parties: [api, worker, temporal.party, postgres.party],
    links,
    disk,
    smtp,
    api,
    loadUrls: [`http://${toApi.address}`],
    receiverUrl: `http://${toReceiver.address}`,
    adminKey: () => readFileSync(join(folder, 'api', 'admin-key'), 'utf8').trim(),
    stop: async () => {
      await Promise.all([api.shutDown(), worker.shutDown()]);
      await Promise.all(links.map((each) => each.close()));
      await Promise.all([temporal.party.shutDown(), postgres.party.shutDown()]);
      await postgres.remove();
    },
  };
}
