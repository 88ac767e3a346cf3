import { collectDefaultMetrics, Registry } from 'prom-client';
import { countAttempts } from './count-attempts';
import { countEvents } from './count-events';
import { countMails } from './count-mails';
import { countNotices } from './count-notices';
import { countRequests } from './count-requests';
import { countStarts } from './count-starts';
import { InstallationFigures } from './installation-figures';
import { createInstruments } from './instruments';
import type { Metrics } from './metrics';
import { serveMetrics, type MetricsServer } from './metrics-server';
import { showRoom, type RoomFigures } from './room-figures';
import { readSdkText } from './sdk-text';

/**
 * Counts from now on, and serves it for Prometheus. A scrape is answered whatever is away: what cannot be read is absent from
 * it, and counted.
 *
 * @param settings `sdkAddress`: `host:port` of the exporter of Temporal's SDK in this process
 * @throws MetricsSetupError when the port is taken
 */
export async function startMetrics(settings: {
  host: string;
  port: number;
  sdkAddress: string;
}): Promise<Metrics & { server: MetricsServer }> {
  const registry = new Registry();
  const instruments = createInstruments(registry);
  let room: RoomFigures | undefined;
  let installation: InstallationFigures | undefined;

  const readSdk = () =>
    readSdkText(settings.sdkAddress).catch(() => {
      instruments.scrapeErrors.inc({ source: 'sdk' });
      return '';
    });
  const scrape = async () => {
    const [sdk] = await Promise.all([readSdk(), installation?.show()]);
    if (room) showRoom(instruments, room);
    return `${await registry.metrics()}\n${sdk}`;
  };
  const server = await serveMetrics(settings, { contentType: registry.contentType, scrape });
  collectDefaultMetrics({ register: registry });
  return {
    server,
    clientInterceptors: [countStarts(instruments)],
    activityInterceptors: [countAttempts(instruments), countNotices(instruments)],
    answered: countRequests(instruments),
    countMails: (mail) => countMails(mail, instruments),
    countEvents: (intake) => countEvents(intake, instruments),
    showRoom: (shown) => {
      room = shown;
    },
    showInstallation: (shown) => {
      installation = new InstallationFigures(shown, instruments);
    },
  };
}
