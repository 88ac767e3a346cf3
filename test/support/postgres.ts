import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';

const SCRIPT = join(__dirname, '../../scripts/postgres.mjs');

/** What initdb made once. Not below the temporary folder, so that runs leave nothing there. */
const TEMPLATES = join(__dirname, '../../node_modules/.cache/rule-webhooks-postgres');

/** The script's exit code when PostgreSQL is not there and cannot be installed by it. */
const NOT_INSTALLABLE = 3;

/**
 * Whether tests can have a PostgreSQL server, which is installed when need be. Without one they are skipped on a machine where
 * nobody could have installed it, and fail anywhere else.
 */
export function canHavePostgres(): boolean {
  if (process.env['DATABASE_URL_TEST'] !== undefined) return true;
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, '--check'], { encoding: 'utf8' });
  if (status === 0) return true;
  if (status === NOT_INSTALLABLE && process.env['CI'] === undefined) return false;
  throw new Error(`The tests need PostgreSQL. ${stderr}`);
}

/** A server of the script's, for the tests of one file. It ends with this process, however that ends. */
export class PostgresCluster {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
  ) {}

  /**
   * @param folder where its files are made; where temporary ones are unless told
   * @param isDurable whether it loses nothing that it has acknowledged, and has as much memory as is usual
   */
  static async start({
    folder,
    isDurable = false,
  }: { folder?: string; isDurable?: boolean } = {}): Promise<PostgresCluster> {
    const child = spawn(
      process.execPath,
      [SCRIPT, '--template', TEMPLATES, ...(isDurable ? ['--durable'] : [])],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, ...(folder !== undefined && { TMPDIR: folder }) },
      },
    );
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done === true) throw new Error('PostgreSQL did not start, as it says above');
    return new PostgresCluster(first.value, child, lines);
  }

  /** Of the script, below which the server runs. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Stops the server for a while; what is in it stays. */
  async pause(): Promise<void> {
    await this.command('stop');
  }

  async resume(): Promise<void> {
    await this.command('start');
  }

  async remove(): Promise<void> {
    this.child.stdin?.end();
    await this.lines.next();
  }

  private async command(word: string): Promise<void> {
    this.child.stdin?.write(`${word}\n`);
    await this.lines.next();
  }
}

/** Makes an empty database on a server. @returns its URL */
export async function createDatabase(serverUrl: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
