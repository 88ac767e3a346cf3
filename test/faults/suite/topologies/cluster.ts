import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { postgresServer } from '../parties/postgres';
import { temporalOnPostgres } from '../parties/temporal-on-postgres';
import type { Surroundings, Topology } from '../topology';
import { serviceByWays, Ways } from './ways';

/** As the compose file has it: two APIs and two workers, and one PostgreSQL for them and for Temporal's own server. */
export async function cluster({ folder, disk, receiver, smtp, preload }: Surroundings): Promise<Topology> {
  const postgres = await postgresServer(
    disk?.folder ?? folder,
    join(folder, 'postgres.log'),
    'shared-postgres',
  );
  await postgres.party.start();
  const ways = new Ways();
  const temporalToPostgres = await ways.open('temporal-postgres', postgres.address);
  const temporal = await temporalOnPostgres(
    folder,
    postgres.urlBy(postgres.address),
    temporalToPostgres.address,
  );
  await temporal.party.start();

  const toReceiver = await ways.open('worker-receiver', receiver);
  const toSmtp = await ways.open('worker-smtp', `127.0.0.1:${smtp.port}`);
  const to = { temporal, postgres, folder, preload };
  const ENCRYPTION_KEY = randomBytes(32).toString('base64');
  const api = async (name: string) => {
    const toApi = await ways.open(`load-${name}`, '');
    const party = await serviceByWays(ways, to, {
      ...{ role: 'api', name },
      settings: { ENCRYPTION_KEY },
      onUrl: (address) => (toApi.target = address),
    });
    await party.start();
    return { party, url: `http://${toApi.address}` };
  };
  const worker = async (name: string) => {
    const settings = { ENCRYPTION_KEY, SMTP_URL: `smtp://${toSmtp.address}` };
    const party = await serviceByWays(ways, to, { role: 'worker', name, settings });
    await party.start();
    return party;
  };

  // One after the other: the first makes the tables, the namespace, the first admin key.
  const apis = [await api('api-1'), await api('api-2')] as const;
  const workers = [await worker('worker-1'), await worker('worker-2')];
  const services = [...apis.map(({ party }) => party), ...workers];
  return {
    parties: [...services, temporal.party, postgres.party],
    links: ways.links,
    disk,
    smtp,
    api: apis[0].party,
    loadUrls: apis.map(({ url }) => url),
    receiverUrl: `http://${toReceiver.address}`,
    adminKey: () => readFileSync(join(folder, 'api-1', 'admin-key'), 'utf8').trim(),
    stop: async () => {
      await Promise.all(services.map((party) => party.shutDown()));
      await temporal.party.shutDown();
      await ways.close();
      await postgres.party.shutDown();
      await postgres.remove();
    },
  };
}
