import { execFileSync, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { Client } from 'pg';
import { isPortFree } from '../../src/temporal/free-port';
import { spawnGuarded, type GuardedChild } from '../../src/temporal/guarded-child';

const SCRIPT = path.join(__dirname, '../../scripts/temporal-server.mjs');
const SETTINGS = path.join(__dirname, '../../deploy/temporal');

/** The script's exit code when the server is not there and cannot be built by it. */
const NOT_BUILDABLE = 3;

const LOOPBACK = '127.0.0.1';

/** It takes about 2 s on an idle machine of two cores. Milliseconds. */
const START_TIME_LIMIT_MS = 90_000;

/** It takes about 1 s. */
const STOP_GRACE_SECONDS = 15;

/**
 * The folder of a Temporal server as it runs in production, which is built when need be: see `scripts/temporal-server.mjs`.
 *
 * @returns undefined where nobody could have built it; on CI that throws
 */
export function findTemporalServer(): string | undefined {
  const { status, stdout } = spawnSync(process.execPath, [SCRIPT], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status === 0) return stdout.trim().split('\n').at(-1);
  if (status === NOT_BUILDABLE && process.env['CI'] === undefined) return undefined;
  throw new Error('These tests need a Temporal server, as it says above.');
}

/** What a Temporal server may be told. */
interface TemporalOptions {
  /** That each of its four services may have to PostgreSQL: the one of the tests has few. */
  connections?: number;
  /** Beside that of the compose file. */
  dynamicConfig?: Record<string, string>;
  /** By which the server reaches PostgreSQL, `host:port`; the URL's unless told. */
  postgresAddress?: string;
}

/** How to run a Temporal server, all its services in one process, whose databases are there. */
export interface TemporalProgram {
  command: string[];
  environment: Record<string, string>;
  /** gRPC, `host:port`. */
  address: string;
}

/**
 * Makes both databases and sets up their schema, with the files that the compose file gives it.
 *
 * @param binaries from {@link findTemporalServer}
 * @param postgresUrl a PostgreSQL server without databases of Temporal's
 * @param folder where its dynamic configuration is written
 */
export async function prepareTemporal(
  binaries: string,
  postgresUrl: string,
  folder: string,
  { connections = 5, dynamicConfig = {}, postgresAddress }: TemporalOptions = {},
): Promise<TemporalProgram> {
  await createDatabases(postgresUrl);
  setUpSchema(binaries, postgresUrl);
  const configFile = writeDynamicConfig(folder, dynamicConfig);
  const serversUrl = new URL(postgresUrl);
  if (postgresAddress !== undefined) serversUrl.host = postgresAddress;
  const { settings, address } = await serverSettings(serversUrl, connections, configFile);
  const command = [path.join(binaries, 'temporal-server'), '--allow-no-auth', 'start'];
  return { command, environment: settings, address };
}

/** The Temporal server with its data in PostgreSQL. */
export class TemporalCluster {
  private constructor(
    /** gRPC, `host:port`. */
    readonly address: string,
    readonly pid: number,
    private readonly child: GuardedChild,
  ) {}

  /**
   * Prepares the server ({@link prepareTemporal}) and starts it. It dies with this process, however that one ends.
   *
   * @param folder where its log is written
   */
  static async start(
    binaries: string,
    postgresUrl: string,
    folder: string,
    options: TemporalOptions = {},
  ): Promise<TemporalCluster> {
    const { command, environment, address } = await prepareTemporal(binaries, postgresUrl, folder, options);
    const logFile = path.join(folder, 'temporal-server.log');
    const log = openSync(logFile, 'a');
    // By way of `env`, as a guarded child is given no environment.
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const child = await spawnGuarded('/usr/bin/env', [...variables, ...command], {
      logFile: log,
      graceSeconds: STOP_GRACE_SECONDS,
    });
    closeSync(log);
    child.go();
    const end = child.exited.then(() => 'ended' as const);
    const deadline = Date.now() + START_TIME_LIMIT_MS;
    while (!(await temporalAnswers(address))) {
      const ended = (await Promise.race([end, delay(50)])) === 'ended';
      if (ended || Date.now() > deadline) {
        await child.stop();
        throw new Error(`The Temporal server did not start:\n${readFileSync(logFile, 'utf8').slice(-4_000)}`);
      }
    }
    return new TemporalCluster(address, child.pid, child);
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }
}

async function createDatabases(postgresUrl: string): Promise<void> {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  for (const name of ['temporal', 'temporal_visibility']) await client.query(`create database ${name}`);
  await client.end();
}

function setUpSchema(binaries: string, postgresUrl: string): void {
  const { hostname, port, username, password } = new URL(postgresUrl);
  execFileSync('/bin/sh', [path.join(SETTINGS, 'setup-schema.sh')], {
    env: {
      PATH: `${binaries}:/usr/bin:/bin`,
      SQL_HOST: hostname,
      SQL_PORT: port,
      SQL_USER: username,
      SQL_PASSWORD: password,
    },
    stdio: 'pipe',
  });
}

/** @returns the file */
function writeDynamicConfig(folder: string, more: Record<string, string>): string {
  const file = path.join(folder, 'dynamic-config.yaml');
  const added = Object.entries(more).map(([name, value]) => `${name}:\n  - value: ${value}\n`);
  writeFileSync(file, [readFileSync(path.join(SETTINGS, 'dynamic-config.yaml')), ...added].join(''));
  return file;
}

/** The variables of the official image, on ports of loopback that are free. */
async function serverSettings(
  { hostname, port, username, password }: URL,
  connections: number,
  configFile: string,
) {
  const ports: Record<string, string> = {};
  for (const service of ['FRONTEND', 'HISTORY', 'MATCHING', 'WORKER']) {
    for (const kind of ['GRPC', 'MEMBERSHIP']) ports[`${service}_${kind}_PORT`] = String(await lowFreePort());
  }
  const settings = {
    ...ports,
    FRONTEND_HTTP_PORT: String(await lowFreePort()),
    BIND_ON_IP: LOOPBACK,
    DB: 'postgres12',
    POSTGRES_SEEDS: hostname,
    DB_PORT: port,
    POSTGRES_USER: username,
    POSTGRES_PWD: password,
    SQL_MAX_CONNS: String(connections),
    SQL_MAX_IDLE_CONNS: String(connections),
    SQL_VIS_MAX_CONNS: '2',
    SQL_VIS_MAX_IDLE_CONNS: '2',
    NUM_HISTORY_SHARDS: '4',
    DYNAMIC_CONFIG_FILE_PATH: configFile,
    LOG_LEVEL: 'warn',
  };
  return { settings, address: `${LOOPBACK}:${ports['FRONTEND_GRPC_PORT']}` };
}

/** The server keeps its ports in PostgreSQL as numbers up to 32,767, and the system gives out higher ones. */
async function lowFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_767);
    if (await isPortFree(port)) return port;
  }
}

/** Whether a Temporal server takes connections. */
export async function temporalAnswers(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 1_000 });
    await connection.close();
    return true;
  } catch {
    return false;
  }
}
