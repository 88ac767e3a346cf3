import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { ApplicationFailure, type DataConverter } from '@temporalio/common';
import type { Worker } from '@temporalio/worker';
import type { OperatedExecutions } from '../activities/bulk';
import { createActivities } from '../activities/index';
import { startApi, type Api } from '../api/server';
import { actOnExecution } from '../client/execution-actions';
import { InvalidCursorError } from '../client/executions';
import { RuleSchedules } from '../client/rule-schedules';
import { releaseHeld, type Release } from '../client/release-held';
import { countSelected, pageOfSelected } from '../client/selected-executions';
import { startDigest } from '../client/start-digest';
import { startDisabling } from '../client/start-disabling';
import { startNotice } from '../client/start-notice';
import { startRecovery } from '../client/start-recovery';
import { ConfigError, type Config } from '../config';
import { createEgress } from '../delivery/egress';
import { keepShares } from '../delivery/room/keep-shares';
import { ProcessShares } from '../delivery/room/process-shares';
import { Room } from '../delivery/room/room';
import { createWebhookSender, type WebhookSender } from '../delivery/send';
import { createUrlCheck } from '../delivery/url-check';
import type { ChannelAnswer, OpenChannel } from '../destinations/channel';
import type { UrlCheck } from '../destinations/url-check';
import { CallCounter } from '../destinations/call-counts';
import { createEventIntake } from '../ingest/accept-event';
import { EventDataGuard } from '../ingest/event-data';
import { EventStarter } from '../ingest/event-starter';
import { inTime } from '../ingest/in-time';
import { ScheduledRuns } from '../ingest/scheduled-runs';
import { PendingEvents } from '../ingest/pending-events';
import { TemporalReach } from '../ingest/temporal-reach';
import { createMailTransport } from '../mail/transport';
import { sendToChannel } from '../notices/send-to-channel';
import { RULE_GONE_GRACE_MS, WORKER_SLOTS } from '../shared/limits';
import { createLiveRuleIndex } from '../store/live-rule-index';
import { openStore } from '../store/open-store';
import type { Store } from '../store/store';
import {
  connectTemporal,
  connectToRunningTemporal,
  findRunningTemporal,
  type TemporalConnection,
} from '../temporal/connection';
import { createDataConverter } from '../temporal/payload-codec';
import { installRuntime } from '../temporal/runtime';
import { becomeFirstBuild, type DeploymentPlace } from '../temporal/worker-deployment';
import { bundleFile, readBuildId } from '../worker/bundles';
import { createWorker } from '../worker/create-worker';
import { announce } from './announcement';
import { keepEventsFor } from './event-retention';
import { adminKeyFile, makeFirstAdminKey } from './first-admin-key';
import { keepCallCounts } from './keep-call-counts';
import { mailLinks } from './mail-links';
import { keepSchedules } from './keep-schedules';
import { applyRulesFile } from './rules-file';
import { VersionedStarts } from './versioned-starts';

/** Where the program says what it does. */
export interface Log {
  info: (line: string) => void;
  warn: (line: string) => void;
}

/** What runs in this process. */
export interface Service {
  /** Of the API; undefined for the role `worker`. */
  url: string | undefined;
  temporal: TemporalConnection;
  client: Client;
  /** The admin key, when this start made it: shown once. */
  firstAdminKey: string | undefined;
  /** What a person wants to know at start, a line each. */
  about: string[];
  /** Rejects when the worker or the embedded server fails; otherwise never settles before `stop`. */
  ended: Promise<void>;
  /** Lets requests and calls that have begun come to their end (10 s at most, a mail is broken off then), and stops all that runs. */
  stop: () => Promise<void>;
}

/** Temporal as clients and workers need it. */
type ReachedTemporal = Pick<TemporalConnection, 'connection' | 'namespace'> & {
  dataConverter: DataConverter;
};

/** A part that runs, and how it is stopped. */
interface Part {
  about: string[];
  ended?: Promise<void>;
  stop: () => Promise<void>;
}

/**
 * Starts what the role says: the API, the worker, or both; and a Temporal server when none is configured and none runs.
 * Stops what it had started when it fails.
 *
 * @throws ConfigError, StoreSetupError, EncryptionKeyError, RulebookError, TemporalSetupError, ApiSetupError
 */
export async function startService(config: Config, log: Log): Promise<Service> {
  installRuntime('WARN');
  const parts: Part[] = [];
  // In reverse: what was started last needs what was started before it.
  const stop = async () => {
    for (const part of parts.splice(0).reverse()) await part.stop();
  };
  try {
    const store = await openStore(config.store);
    parts.push({
      about: [`Store: ${store.description}`, `Encryption key: ${store.sealed.source}`],
      stop: () => store.close(),
    });
    const firstAdminKey = await makeFirstAdminKey(store, config.dataFolder);
    const urlCheck = createUrlCheck(config.egress);
    const rules =
      config.rulesFile === undefined
        ? []
        : [`Rules: ${await applyRulesFile({ store, urlCheck }, config.rulesFile)}`];
    const temporal = await reachTemporal(config, log);
    parts.push({ about: aboutTemporal(temporal), ended: crashOf(temporal), stop: () => temporal.close() });
    const { connection, namespace } = temporal;
    const deployment = deploymentOf(config, temporal);
    const reached = { connection, namespace, dataConverter: createDataConverter(config.payloadKeys) };
    const versionedStarts = deployment && new VersionedStarts();
    const client = new Client({
      ...reached,
      ...(versionedStarts && { interceptors: { workflow: [versionedStarts.interceptor] } }),
    });
    const starter = new EventStarter(client, store);
    if (config.role !== 'api') {
      const { room, ...shares } = await takeShares(config, store, log);
      parts.push(shares);
      parts.push(
        await startWorker(config, store, reached, { client, starter, room, deployment, warn: log.warn }),
      );
      if (deployment && versionedStarts) parts.push(await joinDeployment(deployment, versionedStarts));
    }
    const api =
      config.role === 'worker'
        ? undefined
        : await startApiPart(config, { store, client, urlCheck, starter, temporal }, log);
    if (api) parts.push(api);
    return {
      url: api?.api.url,
      temporal,
      client,
      firstAdminKey,
      about: [
        ...rules,
        ...parts.flatMap(({ about }) => about),
        `Admin key: ${adminKeyFile(config.dataFolder)}`,
      ],
      ended: Promise.race(parts.map(({ ended = forever }) => ended)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An edit is in force in every process within this and the time to read it. Milliseconds. */
const RULES_POLL_MS = 500;

const forever = new Promise<never>(() => undefined);

/** One process alone runs the embedded server; an API or a worker beside it goes to that. */
async function reachTemporal(config: Config, log: Log): Promise<TemporalConnection> {
  const running = await findRunningTemporal(config.temporal);
  const isEmbedded = running?.uiUrl !== undefined;
  if (config.role !== 'all' && isEmbedded) return connectToRunningTemporal(config.temporal);
  return connectTemporal({
    ...config.temporal,
    warn: log.warn,
    executables: { ...config.temporal.executables, onProgress: log.info },
  });
}

function aboutTemporal({ address, namespace, source, uiUrl }: TemporalConnection): string[] {
  return [
    `Temporal: ${address}, namespace ${namespace} (${source})`,
    ...(uiUrl === undefined ? [] : [`Temporal UI: ${uiUrl}`]),
  ];
}

/** This program's build, and the deployment that it is a build of. */
type BuildInDeployment = DeploymentPlace & { buildId: string };

/** @throws ConfigError when versioning would only be in the way: on the embedded server one build replaces the other at once */
function deploymentOf(
  { deploymentName }: Config,
  { connection, namespace, uiUrl }: TemporalConnection,
): BuildInDeployment | undefined {
  if (deploymentName === undefined) return undefined;
  if (uiUrl !== undefined) {
    throw new ConfigError(
      'DEPLOYMENT_NAME: the embedded server needs none; set TEMPORAL_ADDRESS, or unset it',
    );
  }
  return { connection, namespace, deploymentName, buildId: readBuildId() };
}

/** The worker must poll already. */
async function joinDeployment(
  { buildId, ...place }: BuildInDeployment,
  versionedStarts: VersionedStarts,
): Promise<Part> {
  await becomeFirstBuild(place, buildId);
  versionedStarts.begin(place, buildId);
  return {
    about: [`Build: ${buildId} of deployment ${place.deploymentName}; see "npm run upgrade -- status"`],
    stop: async () => {
      versionedStarts.end();
    },
  };
}

/** The room for calls in this process: its shares of what all processes may call. */
async function takeShares(config: Config, store: Store, log: Log): Promise<Part & { room: Room }> {
  const now = () => performance.now();
  const shares = new ProcessShares({ id: randomUUID(), register: store.callingProcesses, now });
  const { maxConcurrent } = config.destinations;
  const room = new Room({ maxConcurrent, slots: WORKER_SLOTS, shares, now });
  return { about: [], room, stop: await keepShares(shares, () => room.isWithinShares(), log.warn) };
}

/** Executions as bulk operations find them and act on them. */
function operatedExecutions(client: Client, { rulebook, escalations }: Store): OperatedExecutions {
  const places = { client, notices: escalations };
  return {
    count: (selection) => countSelected(places, selection),
    page: async (selection, page) => {
      try {
        return await pageOfSelected(places, selection, page);
      } catch (error) {
        // However often it is asked: the server does not know its own cursor any more.
        if (error instanceof InvalidCursorError) throw ApplicationFailure.nonRetryable(error.message);
        throw error;
      }
    },
    act: (request) => actOnExecution({ client, rulebook }, request),
  };
}

async function startWorker(
  config: Config,
  store: Store,
  temporal: ReachedTemporal,
  {
    client,
    starter,
    room,
    deployment,
    warn,
  }: {
    client: Client;
    starter: EventStarter;
    room: Room;
    deployment: BuildInDeployment | undefined;
    warn: (line: string) => void;
  },
): Promise<Part> {
  const sender = createWebhookSender({ egress: createEgress(config.egress), userAgent: config.userAgent });
  const mail = createMailTransport(config.mail);
  const calls = new CallCounter();
  const scheduledRuns = new ScheduledRuns(store, starter);
  const worker: Worker = await createWorker({
    ...temporal,
    activities: createActivities({
      rulebook: store.rulebook,
      callSettings: store.callSettings,
      room,
      destinations: store.destinations,
      startBatch: (batch) => starter.startBatch(batch),
      startScheduledRuns: (request) => scheduledRuns.start(request),
      executions: operatedExecutions(client, store),
      destinationSwitch: store.destinations,
      escalations: store.escalations,
      startDigest: (digest, isFirst) => startDigest(client, digest, isFirst),
      escalationDigestMs: config.escalationDigestMs,
      disable: (destination) => startDisabling(client, destination),
      recovered: (destination) => startRecovery(client, destination),
      others: { members: store.members, startNotice: (notice) => startNotice(client, notice) },
      channels: store.channels,
      publicUrl: config.publicUrl,
      calls,
      sender,
      mail,
      mailFrom: config.mail.from,
      links: mailLinks(config.publicUrl, store.signedTexts),
      ruleGoneGraceMs: RULE_GONE_GRACE_MS,
    }),
    workflowBundle: bundleFile(deployment ? 'versioned-workflow-bundle' : 'workflow-bundle'),
    version: deployment && { deploymentName: deployment.deploymentName, buildId: deployment.buildId },
  });
  const endCounting = keepCallCounts(calls, store.destinationCalls, warn);
  const running = worker.run();
  return {
    about: [`Mail: ${mail.describe()}`],
    ended: running,
    stop: async () => {
      worker.shutdown();
      await running.catch(() => undefined);
      await endCounting();
      await sender.close();
      mail.close();
    },
  };
}

async function startApiPart(
  config: Config,
  {
    store,
    client,
    urlCheck,
    starter,
    temporal: { uiUrl, namespace },
  }: {
    store: Store;
    client: Client;
    urlCheck: UrlCheck;
    starter: EventStarter;
    temporal: Pick<TemporalConnection, 'uiUrl' | 'namespace'>;
  },
  log: Log,
): Promise<Part & { api: Api }> {
  const live = createLiveRuleIndex(store.feed, { pollMs: RULES_POLL_MS, warn: log.warn });
  await live.ready;
  const reach = new TemporalReach(client);
  const index = () => live.current();
  const intake = createEventIntake({ store, index, starter, reach, dataGuard: new EventDataGuard(store) });
  const { codecOrigins = originsOf(uiUrl) } = config.api;
  const release = async (which: Release) => {
    try {
      await inTime(client, () => releaseHeld(client, config.destinations.releasePerSecond, which));
    } catch (error) {
      log.warn(
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
      tryChannel: (workspace, channel) =>
        tryChannel(sender, { workspace, channel, publicUrl: config.publicUrl }),
    },
    { ...config.api, codecOrigins, temporalUi: namespacePage(config.temporalUiUrl ?? uiUrl, namespace) },
  );
  const schedules = new RuleSchedules(client, store.rules);
  const endOfSchedules = keepSchedules({ schedules, feed: store.feed, client, warn: log.warn });
  const pending = new PendingEvents({ store, starter, reach, warn: log.warn });
  pending.begin();
  const endRetention = keepEventsFor(config.retentionDays, store, log.warn);
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

/** Rejects when the embedded server ends by itself, and otherwise never settles. */
async function crashOf({ devServer }: TemporalConnection): Promise<void> {
  const exit = await devServer?.exited;
  if (devServer === undefined || exit?.requested) return forever;
  throw new Error(`the embedded Temporal server ended; see ${devServer.logFile}`);
}
