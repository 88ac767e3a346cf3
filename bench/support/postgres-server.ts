import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import { createDatabase, PostgresCluster } from '../../test/support/postgres';
import { isPortFree } from '../../src/temporal/free-port';

const PROGRAMS = join(__dirname, '../../scripts/temporal-server.mjs');

/** Milliseconds. */
const START_TIME_LIMIT_MS = 60_000;

const SERVICES = ['frontend', 'history', 'matching', 'worker'] as const;

/** As the embedded server has it, see FAIRNESS_ARGUMENTS; and a new search attribute is usable at once. */
const DYNAMIC_CONFIG = {
  'matching.enableFairness': true,
  'matching.numTaskqueueWritePartitions': 1,
  'system.forceSearchAttributesCacheRefreshOnRead': true,
};

/** Temporal's own server in one process, and PostgreSQL, which loses nothing that it has acknowledged. */
export async function openPostgresServer(folder: string) {
  const programs = findPrograms();
  const postgres = await PostgresCluster.start({ isDurable: true });
  try {
    makeSchemas(programs, postgres.url);
    const port = await freeLowPort();
    await writeConfig(folder, postgres.url, port);
    const server = await startServer(join(programs, 'temporal-server'), folder, port);
    return {
      address: server.address,
      pids: { Temporal: server.pid, PostgreSQL: postgres.pid },
      databaseUrl: await createDatabase(postgres.url),
      close: async () => {
        await server.stop();
        await postgres.remove();
      },
    };
  } catch (error) {
    await postgres.remove();
    throw error;
  }
}

/** @returns the folder of `temporal-server` and `temporal-sql-tool` */
function findPrograms(): string {
  const { status, stdout } = spawnSync(process.execPath, [PROGRAMS], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const folder = stdout.trim().split('\n').at(-1);
  if (status !== 0 || !folder)
    throw new Error('There is no Temporal server for PostgreSQL, as it says above.');
  return folder;
}

const DATABASES = { temporal: 'temporal', temporal_visibility: 'visibility' };

function makeSchemas(programs: string, postgresUrl: string): void {
  const { hostname, port, username, password } = new URL(postgresUrl);
  const endpoint = ['--ep', hostname, '--port', port, '--user', username, '--password', password];
  for (const [database, schema] of Object.entries(DATABASES)) {
    const commands = [
      ['create-database'],
      ['setup-schema', '--version', '0.0'],
      ['update-schema', '--schema-name', `postgresql/v12/${schema}`],
    ];
    for (const command of commands) {
      const { status, stdout, stderr } = spawnSync(
        join(programs, 'temporal-sql-tool'),
        ['--plugin', 'postgres12', ...endpoint, '--database', database, ...command],
        { encoding: 'utf8' },
      );
      if (status !== 0) throw new Error(`temporal-sql-tool ${command.join(' ')}: ${stdout}${stderr}`);
    }
  }
}

/** JSON is YAML. */
async function writeConfig(folder: string, postgresUrl: string, frontendPort: number): Promise<void> {
  const { host, username: user, password } = new URL(postgresUrl);
  const store = (databaseName: string, maxConns: number) => ({
    sql: {
      pluginName: 'postgres12',
      connectProtocol: 'tcp',
      connectAddr: host,
      databaseName,
      user,
      password,
      maxConns,
      maxIdleConns: maxConns,
      maxConnLifetime: '1h',
    },
  });
  const services: Record<string, object> = {};
  for (const name of SERVICES) {
    const grpcPort = name === 'frontend' ? frontendPort : await freeLowPort();
    services[name] = { rpc: { grpcPort, membershipPort: await freeLowPort(), bindOnLocalHost: true } };
  }
  const rpcAddress = `127.0.0.1:${frontendPort}`;
  const config = {
    log: { stdout: true, level: 'error' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: 4,
      datastores: { default: store('temporal', 20), visibility: store('temporal_visibility', 5) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services,
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress },
      },
    },
    publicClient: { hostPort: rpcAddress },
    dynamicConfigClient: { filepath: join(folder, 'dynamic-config.yaml'), pollInterval: '1h' },
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'server.yaml'), JSON.stringify(config));
  const dynamic = Object.entries(DYNAMIC_CONFIG).map(([key, value]) => [key, [{ value }]]);
  writeFileSync(join(folder, 'dynamic-config.yaml'), JSON.stringify(Object.fromEntries(dynamic)));
}

/** The server keeps its ports in columns of 16 bits with a sign, so that those which systems give out are too high. */
async function freeLowPort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_768);
    if (await isPortFree(port)) return port;
  }
}

async function startServer(executable: string, folder: string, port: number) {
  const logFile = join(folder, 'server.log');
  const log = openSync(logFile, 'a');
  const child = spawn(
    executable,
    ['--config-file', join(folder, 'server.yaml'), '--allow-no-auth', 'start'],
    { stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
  // Not left behind, however this process ends by itself.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const address = `127.0.0.1:${port}`;
  const deadline = Date.now() + START_TIME_LIMIT_MS;
  while (!(await answers(address))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      kill();
      throw new Error(`Temporal did not start: ${readFileSync(logFile, 'utf8').slice(-2_000)}`);
    }
    await delay(100);
  }
  const stop = async () => {
    process.off('exit', kill);
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { address, pid: child.pid ?? 0, stop };
}

/** Whether it does what it is for: it takes calls before it knows of namespaces. */
async function answers(address: string): Promise<boolean> {
  let connection: NativeConnection | undefined;
  try {
    connection = await NativeConnection.connect({ address });
    await connection.workflowService.listNamespaces({});
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}
