import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { ConfigError, type Config } from '../config';
import { keepShares } from '../delivery/room/keep-shares';
import { ProcessShares } from '../delivery/room/process-shares';
import { Room } from '../delivery/room/room';
import { createUrlCheck } from '../delivery/url-check';
import { EventStarter, MAX_DIRECT_STARTS } from '../ingest/event-starter';
import { createLog, warnTo, type Logger } from '../observability/log/log';
import { SdkLog } from '../observability/log/sdk-log';
import { startLog } from '../observability/log/start-log';
import { WORKER_SLOTS } from '../shared/limits';
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
import { becomeFirstBuild } from '../temporal/worker-deployment';
import { readBuildId } from '../worker/bundles';
import { adminKeyFile, makeFirstAdminKey } from './first-admin-key';
import { applyRulesFile } from './rules-file';
import { VersionedStarts } from './versioned-starts';
import { startApiPart } from './api-part';
import { startMetricsPart } from './metrics-part';
import type { Part } from './part';
import { startTracingPart } from './tracing-part';
import { startWorkerPart, type BuildInDeployment } from './worker-part';

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

/**
 * Starts what the role says: the API, the worker, or both; and a Temporal server when none is configured and none runs.
 * Stops what it had started when it fails.
 *
 * @param print tells a person how the start goes
 * @throws ConfigError, MetricsSetupError, StoreSetupError, EncryptionKeyError, RulebookError, TemporalSetupError, ApiSetupError
 */
export async function startService(config: Config, print: (line: string) => void): Promise<Service> {
  const log = createLog({ level: config.logLevel, role: config.role });
  const parts: Part[] = [];
  // In reverse: what was started last needs what was started before it.
  const stop = async () => {
    for (const part of parts.splice(0).reverse()) await part.stop();
  };
  try {
    const { metrics, ...measuring } = await startMetricsPart(config, (metricsAddress) => {
      installRuntime(CORE_LEVELS[config.logLevel], { logger: new SdkLog(log), metricsAddress });
    });
    parts.push(measuring);
    const tracing = await startTracingPart(config, warnTo(log));
    if (tracing) parts.push(tracing);
    const tracer = tracing?.tracer;
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
    const temporal = await reachTemporal(config, { print, log });
    parts.push({ about: aboutTemporal(temporal), ended: crashOf(temporal), stop: () => temporal.close() });
    const { connection, namespace } = temporal;
    const deployment = deploymentOf(config, temporal);
    const reached = { connection, namespace, dataConverter: createDataConverter(config.payloadKeys) };
    const versionedStarts = deployment && new VersionedStarts();
    const client = new Client({
      ...reached,
      interceptors: {
        workflow: [
          startLog(log),
          ...metrics.clientInterceptors,
          ...(versionedStarts ? [versionedStarts.interceptor] : []),
        ],
      },
    });
    const starter = new EventStarter(client, store, MAX_DIRECT_STARTS, tracer);
    if (config.role !== 'api') {
      const { room, ...shares } = await takeShares(config, store, log);
      parts.push(shares);
      metrics.showRoom(room);
      parts.push(
        await startWorkerPart(config, store, reached, {
          client,
          starter,
          room,
          deployment,
          metrics,
          tracer,
          log,
        }),
      );
      if (deployment && versionedStarts) parts.push(await joinDeployment(deployment, versionedStarts));
    }
    const api =
      config.role === 'worker'
        ? undefined
        : await startApiPart(config, { store, client, urlCheck, starter, metrics, temporal, tracer }, log);
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

/** What of the SDK's core is logged, by LOG_LEVEL. Below `info` it tells of each poll. */
const CORE_LEVELS = { debug: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', silent: 'ERROR' } as const;

const forever = new Promise<never>(() => undefined);

/** One process alone runs the embedded server; an API or a worker beside it goes to that. */
async function reachTemporal(
  config: Config,
  { print, log }: { print: (line: string) => void; log: Logger },
): Promise<TemporalConnection> {
  const running = await findRunningTemporal(config.temporal);
  const isEmbedded = running?.uiUrl !== undefined;
  if (config.role !== 'all' && isEmbedded) return connectToRunningTemporal(config.temporal);
  return connectTemporal({
    ...config.temporal,
    warn: warnTo(log),
    executables: { ...config.temporal.executables, onProgress: print },
  });
}

function aboutTemporal({ address, namespace, source, uiUrl }: TemporalConnection): string[] {
  return [
    `Temporal: ${address}, namespace ${namespace} (${source})`,
    ...(uiUrl === undefined ? [] : [`Temporal UI: ${uiUrl}`]),
  ];
}

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
async function takeShares(config: Config, store: Store, log: Logger): Promise<Part & { room: Room }> {
  const now = () => performance.now();
  const shares = new ProcessShares({ id: randomUUID(), register: store.callingProcesses, now });
  const { maxConcurrent } = config.destinations;
  const room = new Room({ maxConcurrent, slots: WORKER_SLOTS, shares, now });
  return { about: [], room, stop: await keepShares(shares, () => room.isWithinShares(), warnTo(log)) };
}

/** Rejects when the embedded server ends by itself, and otherwise never settles. */
async function crashOf({ devServer }: TemporalConnection): Promise<void> {
  const exit = await devServer?.exited;
  if (devServer === undefined || exit?.requested) return forever;
  throw new Error(`the embedded Temporal server ended; see ${devServer.logFile}`);
}
