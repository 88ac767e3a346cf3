import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { startApi, type Api } from '../api/server';
import { RuleSchedules } from '../client/rule-schedules';
import { releaseHeld, type Release } from '../client/release-held';
import { type Config } from '../config';
import { createEgress } from '../delivery/egress';
import { createWebhookSender, type WebhookSender } from '../delivery/send';
import type { ChannelAnswer, OpenChannel } from '../destinations/channel';
import type { UrlCheck } from '../destinations/url-check';
import { createEventIntake } from '../ingest/accept-event';
import { EventDataGuard } from '../ingest/event-data';
import type { EventStarter } from '../ingest/event-starter';
import { inTime } from '../ingest/in-time';
import { PendingEvents } from '../ingest/pending-events';
import { TemporalReach } from '../ingest/temporal-reach';
import type { Metrics } from '../observability/metrics/metrics';
import { warnTo, type Logger } from '../observability/log/log';
import { sendToChannel } from '../notices/send-to-channel';
import type { Tracer } from '../tracing/tracing';
import { createLiveRuleIndex } from '../store/live-rule-index';
import type { Store } from '../store/store';
import { type TemporalConnection } from '../temporal/connection';
import { announce } from './announcement';
import { keepEventsFor } from './event-retention';
import { keepSchedules } from './keep-schedules';
import type { Part } from './part';

/** How often a process looks for what others have changed. An event that comes before it has looked finds that out. Milliseconds. */
const RULES_POLL_MS = 500;

/** Starts the API in this process, and what goes with it: events that wait, schedules, and how long events are kept. */
export async function startApiPart(
  config: Config,
  {
    store,
    client,
    urlCheck,
    starter,
    metrics,
    temporal: { uiUrl, namespace },
    tracer,
  }: {
    store: Store;
    client: Client;
    urlCheck: UrlCheck;
    starter: EventStarter;
    metrics: Metrics;
    temporal: Pick<TemporalConnection, 'uiUrl' | 'namespace'>;
    tracer: Tracer | undefined;
  },
  log: Logger,
): Promise<Part & { api: Api }> {
  const warn = warnTo(log);
  const live = createLiveRuleIndex(store.feed, { pollMs: RULES_POLL_MS, warn });
  await live.ready;
  const reach = new TemporalReach(client);
  const index = () => live.refreshed();
  const dataGuard = new EventDataGuard(store);
  const intake = metrics.countEvents(createEventIntake({ store, rules: live, starter, reach, dataGuard }));
  metrics.showInstallation({ client, store });
  const { codecOrigins = originsOf(uiUrl) } = config.api;
  const release = async (which: Release) => {
    try {
      await inTime(client, () => releaseHeld(client, config.destinations.releasePerSecond, which));
    } catch (error) {
      warn(
        `Held executions look by themselves, within an hour, others at their next retry: ${(error as Error).message}`,
      );
    }
  };
  const sender = createWebhookSender({ egress: createEgress(config.egress), userAgent: config.userAgent });
  const api = await startApi(
    {
      store,
      client,
      intake,
      index,
      urlCheck,
      releaseHeld: release,
      answered: metrics.answered,
      tryChannel: (workspace, channel) =>
        tryChannel(sender, { workspace, channel, publicUrl: config.publicUrl }),
      tracer,
      log,
    },
    { ...config.api, codecOrigins, temporalUi: namespacePage(config.temporalUiUrl ?? uiUrl, namespace) },
  );
  const schedules = new RuleSchedules(client, store.rules);
  const endOfSchedules = keepSchedules({ schedules, feed: store.feed, client, warn });
  const pending = new PendingEvents({ store, starter, reach, warn });
  pending.begin();
  const endRetention = keepEventsFor(config.retentionDays, store, warn);
  const withdraw = await announce(config.dataFolder, api.url);
  return {
    api,
    about: [`API: ${api.url} (described at ${api.url}/docs)`],
    stop: async () => {
      await withdraw();
      await api.close();
      await sender.close();
      endRetention();
      await pending.stop();
      await endOfSchedules();
      live.close();
    },
  };
}

/** Sends a test message to a channel. Never throws. */
function tryChannel(
  sender: WebhookSender,
  { workspace, channel, publicUrl }: { workspace: string; channel: OpenChannel; publicUrl: string },
): Promise<ChannelAnswer> {
  const at = new Date().toISOString();
  const facts = { type: 'channel.test' as const, workspace, channelId: channel.id, at };
  return sendToChannel(sender, channel, { id: randomUUID(), workspace, facts, publicUrl });
}

/** A namespace in Temporal's UI; undefined when nobody knows where that is. */
function namespacePage(uiUrl: string | undefined, namespace: string): string | undefined {
  return uiUrl === undefined ? undefined : `${uiUrl}/namespaces/${encodeURIComponent(namespace)}`;
}

/** As browsers have it: people open the embedded UI by either name of this machine. */
function originsOf(uiUrl: string | undefined): string[] {
  if (uiUrl === undefined) return [];
  const { origin, port } = new URL(uiUrl);
  return [origin, `http://localhost:${port}`];
}
