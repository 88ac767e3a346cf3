import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { NativeConnection } from '@temporalio/worker';
import { Client } from '@temporalio/client';
import { DataFolderInUseError } from '../../src/temporal/data-folder-claim';
import { findRunningDevServer, startDevServer, type DevServer } from '../../src/temporal/dev-server';
import { serverExecutable } from '../support/server-executable';
import { temporaryFolder } from '../support/temporary-folder';

const run = promisify(execFile);

const OWNER = path.join(__dirname, '../support/dev-server-owner.cjs');

/** Everything that a test started, to be ended whatever became of the test. */
const serverGroups = new Set<number>();
const owners = new Set<ChildProcess>();

afterEach(() => {
  for (const owner of owners) owner.kill('SIGKILL');
  owners.clear();
  for (const group of serverGroups) {
    try {
      process.kill(-group, 'SIGKILL');
    } catch {
      // It ended by itself, as it should.
    }
  }
  serverGroups.clear();
});

async function settingsOn(dataFolder: string, ports: { port?: number; uiPort?: number } = {}) {
  return {
    executable: await serverExecutable('cli'),
    dataFolder,
    namespace: 'default',
    port: 0,
    uiPort: 0,
    ...ports,
  };
}

async function start(dataFolder: string, ports?: { port?: number; uiPort?: number }): Promise<DevServer> {
  const server = await startDevServer(await settingsOn(dataFolder, ports));
  serverGroups.add(server.pid);
  return server;
}

async function spawnOwner(dataFolder: string) {
  const settings = JSON.stringify(await settingsOn(dataFolder));
  const owner = spawn(process.execPath, [OWNER, settings], { stdio: ['ignore', 'pipe', 'inherit'] });
  owners.add(owner);
  return owner;
}

/** Another process that starts the server on the folder and lives until it is killed. */
async function startInAnotherProcess(dataFolder: string) {
  const owner = await spawnOwner(dataFolder);
  for await (const line of createInterface({ input: owner.stdout })) {
    const said = JSON.parse(line) as { address: string; pid: number };
    serverGroups.add(said.pid);
    return { owner, ...said };
  }
  throw new Error('The owner said nothing.');
}

async function kill(owner: ChildProcess): Promise<void> {
  owner.kill('SIGKILL');
  await once(owner, 'exit');
}

/** The pids of a server and of what guards it: they share a process group. */
async function groupOf(serverPid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-axo', 'pid=,pgid=,stat=']);
  const processes = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return processes
    .filter(([, group, state]) => Number(group) === serverPid && !state?.startsWith('Z'))
    .map(([pid]) => Number(pid));
}

async function untilGone(serverPid: number): Promise<void> {
  while ((await groupOf(serverPid)).length > 0) await delay(25);
}

async function withClient<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await NativeConnection.connect({ address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

async function startWorkflow(address: string, workflowId: string): Promise<void> {
  await withClient(address, (client) => client.workflow.start('any', { workflowId, taskQueue: 'nobody' }));
}

async function answers(address: string): Promise<boolean> {
  return withClient(address, async (client) => {
    await client.workflowService.describeNamespace({ namespace: 'default' });
    return true;
  });
}

async function statusOf(address: string, workflowId: string): Promise<string> {
  const description = await withClient(address, (client) => client.workflow.getHandle(workflowId).describe());
  return description.status.name;
}

describe('the embedded server', () => {
  test('answers once it has started', async () => {
    const server = await start(temporaryFolder());
    await startWorkflow(server.address, 'a');
    expect(await statusOf(server.address, 'a')).toBe('RUNNING');
  });

  test('shows its web UI', async () => {
    const server = await start(temporaryFolder());
    const page = await fetch(server.uiUrl);
    expect(await page.text()).toContain('<html');
  });

  test('keeps its state over a restart', async () => {
    const folder = temporaryFolder();
    const first = await start(folder);
    await startWorkflow(first.address, 'kept');
    await first.stop();
    const second = await start(folder);
    expect(await statusOf(second.address, 'kept')).toBe('RUNNING');
  });

  test('leaves no process behind when it is stopped', async () => {
    const server = await start(temporaryFolder());
    await server.stop();
    await untilGone(server.pid);
    expect(await groupOf(server.pid)).toEqual([]);
  });

  test('is in a session of its own, so that Ctrl-C does not end it before its workers', async () => {
    const server = await start(temporaryFolder());
    const { stdout } = await run('ps', ['-o', 'pgid=', '-p', String(server.pid)]);
    expect(Number(stdout)).toBe(server.pid);
  });

  test('tells when it ends by itself', async () => {
    const server = await start(temporaryFolder());
    process.kill(server.pid, 'SIGKILL');
    expect(await server.exited).toEqual({ requested: false, code: null, signal: 'SIGKILL' });
  });

  test('writes its log to the data folder and keeps that of the run before', async () => {
    const folder = temporaryFolder();
    await (await start(folder)).stop();
    const server = await start(folder);
    expect(readdirSync(path.dirname(server.logFile))).toEqual(
      expect.arrayContaining(['server.log', 'server.previous.log']),
    );
  });
});

describe('the ports of the embedded server', () => {
  test('one that is set and taken is refused by its number', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(start(temporaryFolder(), { port })).rejects.toThrow(
      `Port ${port}, which is set for Temporal, is taken`,
    );
    other.close();
  });

  test('those that are set and free are used', async () => {
    const first = await start(temporaryFolder());
    await first.stop();
    const port = Number(new URL(`http://${first.address}`).port);
    const uiPort = Number(new URL(first.uiUrl).port);
    const second = await start(temporaryFolder(), { port, uiPort });
    expect([second.address, second.uiUrl]).toEqual([first.address, first.uiUrl]);
  });
});

/** The server, but it crashes as Go does at the first starts, with a stack longer than what an error shows. */
async function crashingServer(crashes: number): Promise<string> {
  const script = path.join(temporaryFolder(), 'server.sh');
  const starts = `${script}.starts`;
  const lines = [
    '#!/bin/sh',
    `echo start >> ${starts}`,
    `if [ $(wc -l < ${starts}) -le ${crashes} ]; then`,
    '  echo "panic: no free port" >&2; seq -f "frame %g" 40 >&2; exit 2',
    'fi',
    `exec ${await serverExecutable('cli')} "$@"`,
  ];
  writeFileSync(script, lines.join('\n'), { mode: 0o755 });
  return script;
}

async function startCrashing(dataFolder: string, crashes: number): Promise<DevServer> {
  const settings = await settingsOn(dataFolder);
  const server = await startDevServer({ ...settings, executable: await crashingServer(crashes) });
  serverGroups.add(server.pid);
  return server;
}

describe('a server that crashes while it starts', () => {
  test('is started again', async () => {
    const server = await startCrashing(temporaryFolder(), 2);
    expect(await answers(server.address)).toBe(true);
  });

  test('leaves its crash in the log, and the log of the run before beside it', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'temporal'));
    writeFileSync(path.join(folder, 'temporal', 'server.log'), 'before');
    const { logFile } = await startCrashing(folder, 2);
    const previous = path.join(path.dirname(logFile), 'server.previous.log');
    expect([readFileSync(logFile, 'utf8'), readFileSync(previous, 'utf8')]).toEqual([
      expect.stringContaining('panic: no free port'),
      'before',
    ]);
  });

  test('is an error at the fifth crash, which shows where the crash begins', async () => {
    await expect(startCrashing(temporaryFolder(), 5)).rejects.toThrow(
      /ended with exit code 2\. From \S+server\.log:\npanic: no free port\nframe 1\n/,
    );
  });
});

describe('a server that does not start', () => {
  test('is an error that shows the end of its log', async () => {
    const broken = { ...(await settingsOn(temporaryFolder())), executable: '/bin/ls' };
    await expect(startDevServer(broken)).rejects.toThrow(
      /ended with exit code 2\. From \S+server\.log:\n\S*ls: /,
    );
  });

  test('leaves the data folder to the next one', async () => {
    const folder = temporaryFolder();
    await startDevServer({ ...(await settingsOn(folder)), executable: '/bin/ls' }).catch(() => undefined);
    const server = await start(folder);
    expect(server.address).toMatch(/^127\.0\.0\.1:\d+$/);
  });
});

describe('when the program is killed with SIGKILL', () => {
  test('the server ends too', async () => {
    const { owner, pid } = await startInAnotherProcess(temporaryFolder());
    await kill(owner);
    await untilGone(pid);
    expect(await groupOf(pid)).toEqual([]);
  });

  test('while the server is starting, it ends too and the next start works', async () => {
    const folder = temporaryFolder();
    const owner = await spawnOwner(folder);
    // The database appears when the server begins, long before it answers.
    while (!existsSync(path.join(folder, 'temporal', 'temporal.db'))) await delay(1);
    await kill(owner);
    const server = await start(folder);
    expect(await findRunningDevServer(folder)).toMatchObject({ address: server.address });
  });

  test('the next start at once waits for the server that is ending, and finds its data', async () => {
    const folder = temporaryFolder();
    const { owner, address } = await startInAnotherProcess(folder);
    await startWorkflow(address, 'kept');
    await kill(owner);
    const next = await start(folder);
    expect(await statusOf(next.address, 'kept')).toBe('RUNNING');
  });

  test('and its guard with it, the server that is left behind is replaced by the next start, without loss', async () => {
    const folder = temporaryFolder();
    const { owner, address, pid } = await startInAnotherProcess(folder);
    await startWorkflow(address, 'kept');
    for (const guard of (await groupOf(pid)).filter((member) => member !== pid))
      process.kill(guard, 'SIGKILL');
    await kill(owner);
    expect(await statusOf(address, 'kept')).toBe('RUNNING');

    const next = await start(folder);
    expect(await groupOf(pid)).toEqual([]);
    expect(await statusOf(next.address, 'kept')).toBe('RUNNING');
  });
});

describe('two programs on one data folder', () => {
  test('the second is refused while the first runs', async () => {
    const folder = temporaryFolder();
    const { owner } = await startInAnotherProcess(folder);
    await expect(start(folder)).rejects.toThrow(
      new RegExp(`${path.basename(folder)}/temporal is in use by process ${String(owner.pid)}`),
    );
  });

  test('of two that start at once, one is refused', async () => {
    const folder = temporaryFolder();
    const results = await Promise.allSettled([start(folder), start(folder)]);
    const refused = results.map((result) =>
      result.status === 'rejected' ? (result.reason as unknown) : undefined,
    );
    expect(refused.filter((reason) => reason instanceof DataFolderInUseError)).toHaveLength(1);
  });

  test('a script finds the server that the program runs', async () => {
    const folder = temporaryFolder();
    const { address } = await startInAnotherProcess(folder);
    expect(await findRunningDevServer(folder)).toMatchObject({ address, namespace: 'default' });
  });

  test('a script finds no server once the program has stopped', async () => {
    const folder = temporaryFolder();
    await (await start(folder)).stop();
    expect(await findRunningDevServer(folder)).toBeUndefined();
  });

  test('a claim that cannot be read is no obstacle', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'temporal'));
    writeFileSync(path.join(folder, 'temporal', 'server.7.json'), 'torn');
    const server = await start(folder);
    expect(await findRunningDevServer(folder)).toMatchObject({ address: server.address });
  });

  test('a claim of a process whose pid was given to another one is no obstacle', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'temporal'));
    const owner = { pid: process.pid, started: 'long ago' };
    writeFileSync(path.join(folder, 'temporal', 'server.1.json'), JSON.stringify({ owner, server: owner }));
    const server = await start(folder);
    expect(await findRunningDevServer(folder)).toMatchObject({ address: server.address });
  });
});
