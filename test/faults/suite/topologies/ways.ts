import { join } from 'node:path';
import { Link } from '../link';
import type { Postgres } from '../parties/postgres';
import { ServiceParty } from '../parties/service';

/** The links of a topology. */
export class Ways {
  readonly links: Link[] = [];

  async open(name: string, target: string): Promise<Link> {
    const link = await Link.open(name, target);
    this.links.push(link);
    return link;
  }

  async close(): Promise<void> {
    await Promise.all(this.links.map((link) => link.close()));
  }
}

/** An API or a worker as a process of its own, not yet started, with links of its own to Temporal and to PostgreSQL. */
export async function serviceByWays(
  ways: Ways,
  to: {
    temporal: { address: string };
    postgres: Postgres;
    /** Below which its data folder and its log are. */
    folder: string;
    preload: string | undefined;
  },
  service: {
    role: 'api' | 'worker';
    name: string;
    settings: Record<string, string>;
    onUrl?: (address: string) => void;
  },
): Promise<ServiceParty> {
  const { role, name, settings, onUrl } = service;
  const toTemporal = await ways.open(`${name}-temporal`, to.temporal.address);
  const toPostgres = await ways.open(`${name}-postgres`, to.postgres.address);
  return new ServiceParty({
    name,
    settings: {
      ROLE: role,
      DATA_DIR: join(to.folder, name),
      DATABASE_URL: to.postgres.urlBy(toPostgres.address),
      TEMPORAL_ADDRESS: toTemporal.address,
      ...settings,
    },
    logFile: join(to.folder, `${name}.log`),
    preload: to.preload,
    ...(onUrl && { onUrl }),
  });
}
