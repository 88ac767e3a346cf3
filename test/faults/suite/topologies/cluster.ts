import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Link } from '../link';
import { postgresServer } from '../parties/postgres';
import { ServiceParty } from '../parties/service';
import { temporalOnPostgres } from '../parties/temporal-on-postgres';
import type { Surroundings, Topology } from '../topology';

/** As the compose file has it: two APIs and two workers, and one PostgreSQL for them and for Temporal's own server. */
export async function cluster({ folder, disk, receiver, smtp, preload }: Surroundings): Promise<Topology> {
  const postgres = await postgresServer(
    disk?.folder ?? folder,
    join(folder, 'postgres.log'),
    'shared-postgres',
  );
  await postgres.party.start();
  const links: Link[] = [];
  const link = async (name: string, target: string) => {
    const opened = await Link.open(name, target);
    links.push(opened);
    return opened;
  };
  const temporalToPostgres = await link('temporal-postgres', postgres.address);
  const temporal = await temporalOnPostgres(
    folder,
    postgres.urlBy(postgres.address),
    temporalToPostgres.address,
  );
  await temporal.party.start();

  const encryptionKey = randomBytes(32).toString('base64');
  const service = async (
    role: 'api' | 'worker',
    name: string,
    more: { settings?: Record<string, string>; onUrl?: (address: string) => void },
  ) => {
    const toTemporal = await link(`${name}-temporal`, temporal.address);
    const toPostgres = await link(`${name}-postgres`, postgres.address);
    const party = new ServiceParty({
      name,
      settings: {
        ROLE: role,
        DATA_DIR: join(folder, name),
        DATABASE_URL: postgres.urlBy(toPostgres.address),
        TEMPORAL_ADDRESS: toTemporal.address,
        ENCRYPTION_KEY: encryptionKey,
        ...more.settings,
      },
      logFile: join(folder, `${name}.log`),
      preload,
      ...(more.onUrl && { onUrl: more.onUrl }),
    });
    await party.start();
    return party;
  };
  const api = async (name: string) => {
    const toApi = await link(`load-${name}`, '');
    const party = await service('api', name, { onUrl: (address) => (toApi.target = address) });
    return { party, url: `http://${toApi.address}` };
  };
  const toReceiver = await link('worker-receiver', receiver);
  const toSmtp = await link('worker-smtp', `127.0.0.1:${smtp.port}`);
  const worker = (name: string) =>
    service('worker', name, { settings: { SMTP_URL: `smtp://${toSmtp.address}` } });

  const apis = [await api('api-1'), await api('api-2')] as const;
  const workers = [await worker('worker-1'), await worker('worker-2')];
  const services = [...apis.map(({ party }) => party), ...workers];
  return {
    parties: [...services, temporal.party, postgres.party],
    links,
    disk,
    smtp,
    api: apis[0].party,
    loadUrls: apis.map(({ url }) => url),
    receiverUrl: `http://${toReceiver.address}`,
    adminKey: () => readFileSync(join(folder, 'api-1', 'admin-key'), 'utf8').trim(),
    stop: async () => {
      await Promise.all(services.map((party) => party.shutDown()));
      await temporal.party.shutDown();
      await Promise.all(links.map((each) => each.close()));
      await postgres.party.shutDown();
      await postgres.remove();
    },
  };
}
