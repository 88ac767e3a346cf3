import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from '../shared/search-attributes';
import {
  claimDataFolder,
  readRunningServer,
  type DataFolderClaim,
  type ServerEndpoint,
} from './data-folder-claim';
import { anyFreePort, isPortFree } from './free-port';
import { spawnGuarded, type ChildExit, type GuardedChild } from './guarded-child';
import { identifyProcess } from './process-identity';
import { searchAttributeArgument } from './search-attributes';
import { TemporalSetupError } from './setup-error';

const LOOPBACK = '127.0.0.1';

/** Temporal's own. */
const DEFAULT_PORT = 7233;
const DEFAULT_UI_PORT = 8233;

/** It takes about 1 s on a small machine; a large database or a slow disk takes longer. Milliseconds. */
const START_TIME_LIMIT_MS = 60_000;

/** Milliseconds. */
const POLL_INTERVAL_MS = 50;

/** Before the second start of a server that ended at once; before each further one that much more. Milliseconds. */
const RESTART_PAUSE_MS = 100;

/** It takes about 1 s. */
const STOP_GRACE_SECONDS = 10;

/**
 * A server that ends before it answers is started again: somebody took a port between our look and its own, or it found
 * none for one of its parts, for which it chooses itself.
 */
const START_ATTEMPTS = 5;

/** Lines of the server's log that a failed start shows. */
const LOG_LINES_SHOWN = 15;

/**
 * Tasks that wait are given out by their fairness keys, in turns. One partition takes what is new: it has all that waits
 * in one order, and a single server gains nothing by more. All are read, for what an earlier version left there.
 *
 * When an execution's workflow task is lost with its worker more than three times in a row, Temporal waits longer and longer
 * for the next one: up to 10 minutes unless told, which an execution would stand still after a worker's crash loop.
 */
export const DYNAMIC_CONFIG_ARGUMENTS = [
  'matching.enableFairness=true',
  'matching.numTaskqueueWritePartitions=1',
  'history.workflowTaskRetryMaxInterval="1m"',
].flatMap((value) => ['--dynamic-config-value', value]);

/** How to run the embedded server. */
export interface DevServerSettings {
  /** The Temporal CLI. An absolute path. */
  executable: string;
  /** Its database and log are kept in the folder `temporal` below this one. */
  dataFolder: string;
  /** Created if absent. */
  namespace: string;
  /** gRPC. 0: any that is free. Unless told: 7233, or any when that is taken. */
  port?: number | undefined;
  /** Web UI. 0: any that is free. Unless told: 8233, or any when that is taken. */
  uiPort?: number | undefined;
}

/** An embedded server that is running. */
export interface DevServer {
  /** gRPC, `host:port`. */
  address: string;
  uiUrl: string;
  namespace: string;
  pid: number;
  logFile: string;
  /** Resolves when the server has ended; `requested` tells `stop()` from a crash. Never rejects. */
  exited: Promise<ChildExit>;
  /** Stops the server and gives the data folder back. At most about 10 s. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded server on the data folder, and waits until it answers. It does not outlive this process, however
 * that one ends. A server that was left behind on the folder is stopped first. Linux and macOS.
 *
 * @throws DataFolderInUseError when another running process uses the folder
 * @throws TemporalSetupError when a port that was asked for is taken, or the server ends five times or does not answer within 60 s
 */
export async function startDevServer(settings: DevServerSettings): Promise<DevServer> {
  const folder = serverFolder(settings.dataFolder);
  const claim = await claimDataFolder(folder);
  try {
    const logFile = await freshLogFile(folder);
    for (let attempt = 1; ; attempt++) {
      const ports = await choosePorts(settings);
      const started = await startOnce(settings, ports, claim, logFile);
      if ('address' in started) return started;
      if (!started.ended || attempt === START_ATTEMPTS) throw await startFailed(started, logFile);
      await delay(attempt * RESTART_PAUSE_MS);
    }
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/** The embedded server that another process of this machine runs on the data folder, if any. */
export async function findRunningDevServer(dataFolder: string): Promise<ServerEndpoint | undefined> {
  return readRunningServer(serverFolder(dataFolder));
}

interface Ports {
  port: number;
  uiPort: number;
}

interface FailedStart {
  /** By itself; otherwise it did not answer in time. */
  ended: boolean;
  why: string;
}

function serverFolder(dataFolder: string): string {
  return path.resolve(dataFolder, 'temporal');
}

async function choosePorts({ port, uiPort }: DevServerSettings): Promise<Ports> {
  return {
    port: await choosePort('Temporal', port, DEFAULT_PORT),
    uiPort: await choosePort("Temporal's web UI", uiPort, DEFAULT_UI_PORT),
  };
}

async function choosePort(what: string, asked: number | undefined, usual: number): Promise<number> {
  if (asked === undefined) return (await isPortFree(usual)) ? usual : anyFreePort();
  if (asked === 0) return anyFreePort();
  if (await isPortFree(asked)) return asked;
  throw new TemporalSetupError(`Port ${asked}, which is set for ${what}, is taken by another program.`);
}

async function startOnce(
  settings: DevServerSettings,
  ports: Ports,
  claim: DataFolderClaim,
  logFile: string,
): Promise<DevServer | FailedStart> {
  const { namespace } = settings;
  const child = await spawnServer(settings, ports, logFile);
  try {
    // On record before it runs: from here on the next start can find it, whatever happens to us.
    const server = await identifyProcess(child.pid);
    if (server === undefined) return { ended: true, why: 'ended at once' };
    await claim.recordServer(server);
    child.go();

    const address = `${LOOPBACK}:${ports.port}`;
    const failure = await untilReady(child, address, namespace);
    if (failure !== undefined) {
      await child.stop();
      return failure;
    }
    const uiUrl = `http://${LOOPBACK}:${ports.uiPort}`;
    await claim.recordEndpoint({ address, uiUrl, namespace });
    const stop = async () => {
      await child.stop();
      await claim.release();
    };
    return { address, uiUrl, namespace, pid: child.pid, logFile, exited: child.exited, stop };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

async function spawnServer(
  { executable, dataFolder, namespace }: DevServerSettings,
  { port, uiPort }: Ports,
  logFile: string,
): Promise<GuardedChild> {
  const endpoints = ['--ip', LOOPBACK, '--port', String(port), '--ui-port', String(uiPort)];
  // A write-ahead log that is synced at each commit is as durable as SQLite's default, and twice as fast.
  const pragmas = ['journal_mode=WAL', 'synchronous=FULL'].flatMap((pragma) => ['--sqlite-pragma', pragma]);
  const database = ['--db-filename', path.join(serverFolder(dataFolder), 'temporal.db'), ...pragmas];
  const attributes = SEARCH_ATTRIBUTES.flatMap((key) => ['--search-attribute', searchAttributeArgument(key)]);
  const args = ['server', 'start-dev', ...endpoints, ...database, '--namespace', namespace, ...attributes];
  const log = openSync(logFile, 'a');
  try {
    return await spawnGuarded(executable, [...args, ...DYNAMIC_CONFIG_ARGUMENTS, '--log-level', 'warn'], {
      logFile: log,
      graceSeconds: STOP_GRACE_SECONDS,
    });
  } finally {
    closeSync(log);
  }
}

/** @returns why the server is not ready; `undefined` when it is */
async function untilReady(
  child: GuardedChild,
  address: string,
  namespace: string,
): Promise<FailedStart | undefined> {
  let exit: ChildExit | undefined;
  void child.exited.then((result) => (exit = result));
  const deadline = Date.now() + START_TIME_LIMIT_MS;
  let lastError: unknown;
  while (Date.now() < deadline) {
    if (exit !== undefined) {
      return { ended: true, why: `ended with ${exit.signal ?? `exit code ${String(exit.code)}`}` };
    }
    try {
      await callOnce(address, namespace);
      return undefined;
    } catch (error) {
      lastError = error;
    }
    await delay(POLL_INTERVAL_MS);
  }
  const why = `did not answer within ${START_TIME_LIMIT_MS / 1000} s (${String(lastError)})`;
  return { ended: false, why };
}

async function callOnce(address: string, namespace: string): Promise<void> {
  const connection = await NativeConnection.connect({ address });
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } finally {
    await connection.close();
  }
}

/** The log of this run. That of the run before is kept beside it, so that a crash can be read after a restart. */
async function freshLogFile(folder: string): Promise<string> {
  const logFile = path.join(folder, 'server.log');
  await mkdir(folder, { recursive: true });
  await rename(logFile, path.join(folder, 'server.previous.log')).catch(() => undefined);
  return logFile;
}

async function startFailed({ why }: FailedStart, logFile: string): Promise<TemporalSetupError> {
  const log = await readFile(logFile, 'utf8').catch(() => '');
  return new TemporalSetupError(
    `The embedded Temporal server ${why}. From ${logFile}:\n${tellingLines(log)}`,
  );
}

/** Where the last crash begins, which its stack would push out of the last lines; those when there was none. */
function tellingLines(log: string): string {
  const lines = log.trimEnd().split('\n');
  const crash = lines.findLastIndex((line) => /^(panic|fatal error):/.test(line));
  const shown = crash === -1 ? lines.slice(-LOG_LINES_SHOWN) : lines.slice(crash, crash + LOG_LINES_SHOWN);
  return shown.join('\n');
}
