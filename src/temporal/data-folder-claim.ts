import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { codeOf } from './error-facts';
import { identifyProcess, isRunning, signalProcess, type ProcessIdentity } from './process-identity';
import { TemporalSetupError } from './setup-error';

/** How long a server that was left behind may take to stop before it is killed: it needs about 1 s. Milliseconds. */
const STOP_TIME_LIMIT_MS = 10_000;

/** Milliseconds. */
const POLL_INTERVAL_MS = 25;

const processIdentity = z.object({ pid: z.number(), started: z.string() });

const claimRecord = z.object({
  /** The program that uses the folder. */
  owner: processIdentity,
  /** Its Temporal server. */
  server: processIdentity.optional(),
  /** How the server is reached, once it is ready. */
  endpoint: z.object({ address: z.string(), uiUrl: z.string(), namespace: z.string() }).optional(),
  /** The owner has stopped its server and given the folder back. */
  released: z.boolean().optional(),
});

type ClaimRecord = z.infer<typeof claimRecord>;

/** How a Temporal server is reached. */
export type ServerEndpoint = NonNullable<ClaimRecord['endpoint']>;

/** Another program that is running uses the folder. */
export class DataFolderInUseError extends TemporalSetupError {
  override readonly name = 'DataFolderInUseError';
}

/** The right of this process to run a server on a folder. */
export interface DataFolderClaim {
  /** Puts the server on record, so that the next start finds it should it be left behind. */
  recordServer(server: ProcessIdentity): Promise<void>;
  /** Tells other processes how to reach the server. */
  recordEndpoint(endpoint: ServerEndpoint): Promise<void>;
  /** Gives the folder back. The server must have ended. */
  release(): Promise<void>;
}

/**
 * Claims a folder for this process, and stops a server that a dead claimant left behind.
 *
 * Each claim is a file `server.<n>.json` that only one process can create; the highest number counts. A dead claimant's
 * or released file is outbid by the next number, never deleted first: so of two processes that start at once, one
 * always loses.
 *
 * @throws DataFolderInUseError while the claimant is running
 */
export async function claimDataFolder(folder: string): Promise<DataFolderClaim> {
  await mkdir(folder, { recursive: true });
  const owner = await identifyProcess(process.pid);
  if (owner === undefined)
    throw new TemporalSetupError('The system does not say when this process was started.');
  for (;;) {
    const latest = await readLatestClaim(folder);
    if (latest?.record !== undefined && latest.record.released !== true) {
      if (await isRunning(latest.record.owner)) {
        throw new DataFolderInUseError(
          `${folder} is in use by process ${latest.record.owner.pid}. Stop that process, or start this one with another data folder.`,
        );
      }
      if (latest.record.server !== undefined) await stopProcess(latest.record.server);
    }
    const number = (latest?.number ?? 0) + 1;
    if (await createClaim(folder, number, { owner })) return new FileClaim(folder, number, owner);
  }
}

/** The server on the folder, when both it and the program that started it are running. */
export async function readRunningServer(folder: string): Promise<ServerEndpoint | undefined> {
  const record = (await readLatestClaim(folder))?.record;
  if (record?.server === undefined || !(await isRunning(record.server))) return undefined;
  return (await isRunning(record.owner)) ? record.endpoint : undefined;
}

class FileClaim implements DataFolderClaim {
  private record: ClaimRecord;

  constructor(
    private readonly folder: string,
    private readonly number: number,
    owner: ProcessIdentity,
  ) {
    this.record = { owner };
  }

  async recordServer(server: ProcessIdentity): Promise<void> {
    await this.write({ ...this.record, server });
  }

  async recordEndpoint(endpoint: ServerEndpoint): Promise<void> {
    await this.write({ ...this.record, endpoint });
  }

  async release(): Promise<void> {
    await this.write({ owner: this.record.owner, released: true });
  }

  private async write(record: ClaimRecord): Promise<void> {
    const draft = await writeDraft(this.folder, record);
    await rename(draft, claimFile(this.folder, this.number));
    this.record = record;
  }
}

function claimFile(folder: string, number: number): string {
  return path.join(folder, `server.${number}.json`);
}

async function readLatestClaim(
  folder: string,
): Promise<{ number: number; record: ClaimRecord | undefined } | undefined> {
  const entries = await readdir(folder).catch(() => []);
  const numbers = entries.map((entry) => Number(/^server\.(\d+)\.json$/.exec(entry)?.[1] ?? NaN));
  const number = Math.max(...numbers.filter((candidate) => !Number.isNaN(candidate)));
  if (number === -Infinity) return undefined;
  try {
    return {
      number,
      record: claimRecord.parse(JSON.parse(await readFile(claimFile(folder, number), 'utf8'))),
    };
  } catch {
    // Outbid in this moment, or damaged: nobody can be found through it.
    return { number, record: undefined };
  }
}

/** @returns false when another process was first */
async function createClaim(folder: string, number: number, record: ClaimRecord): Promise<boolean> {
  const draft = await writeDraft(folder, record);
  try {
    // Unlike a rename, a link never replaces; unlike an exclusive create, it appears with its content.
    await link(draft, claimFile(folder, number));
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await rm(claimFile(folder, number - 1), { force: true });
  return true;
}

async function writeDraft(folder: string, record: ClaimRecord): Promise<string> {
  const draft = path.join(folder, `draft.${randomUUID()}`);
  const handle = await open(draft, 'w');
  try {
    await handle.writeFile(JSON.stringify(record));
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

async function stopProcess(target: ProcessIdentity): Promise<void> {
  const deadline = Date.now() + STOP_TIME_LIMIT_MS;
  await signalProcess(target, 'SIGTERM');
  while (await isRunning(target)) {
    if (Date.now() > deadline) await signalProcess(target, 'SIGKILL');
    await delay(POLL_INTERVAL_MS);
  }
}
