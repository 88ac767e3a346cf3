import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { anyFreePort } from '../../src/temporal/free-port';
import { until } from './executions';
import { temporaryFolder } from './temporary-folder';

const SCRIPT = join(__dirname, '../../scripts/prometheus.mjs');

/** The script's exit code when there is no Prometheus and none can be had. */
const NOT_INSTALLABLE = 3;

let folder: string | undefined;

/**
 * Whether tests can have Prometheus, which is fetched when need be. Without it they are skipped on a machine where nobody could
 * have got it, and fail anywhere else.
 */
export function canHavePrometheus(): boolean {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], { encoding: 'utf8' });
  folder = stdout.trim();
  if (status === 0) return true;
  if (status === NOT_INSTALLABLE && process.env['CI'] === undefined) return false;
  throw new Error(`The tests need Prometheus. ${stderr}`);
}

function binary(name: string): string {
  return join(folder ?? '', name);
}

/** Runs promtool. @returns what it printed @throws Error with what it printed, when it found something */
export function promtool(...args: string[]): string {
  return execFileSync(binary('promtool'), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** One series of an answer: its labels and its last value. */
export interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

/** A real Prometheus on a free port, with its data in a temporary folder. */
export class Prometheus {
  private constructor(
    readonly address: string,
    private readonly child: ChildProcess,
  ) {}

  /** @param config made from the address that it will have */
  static async start(config: (address: string) => object): Promise<Prometheus> {
    const data = temporaryFolder();
    const file = join(data, 'prometheus.yml');
    const address = `127.0.0.1:${await anyFreePort()}`;
    writeFileSync(file, stringify(config(address)));
    const args = [
      `--config.file=${file}`,
      `--storage.tsdb.path=${data}/tsdb`,
      `--web.listen-address=${address}`,
    ];
    const child = spawn(binary('prometheus'), args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    process.once('exit', () => child.kill('SIGKILL'));
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`Prometheus ended: ${log}`);
      const ready = await fetch(`http://${address}/-/ready`).catch(() => undefined);
      return ready?.ok ? true : undefined;
    });
    return new Prometheus(address, child);
  }

  /** @throws Error with Prometheus' words, when it does not understand the query */
  query(expr: string): Promise<Sample[]> {
    return this.ask<{ result: Sample[] }>('query', { query: expr }).then(({ result }) => result);
  }

  /** The label sets of all series of a metric. */
  series(metric: string): Promise<Record<string, string>[]> {
    return this.ask('series', { 'match[]': metric });
  }

  async stop(): Promise<void> {
    // Of no use to anybody afterwards.
    this.child.kill('SIGKILL');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }

  private async ask<Data>(path: string, parameters: Record<string, string>): Promise<Data> {
    const response = await fetch(`http://${this.address}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    });
    const answer = (await response.json()) as { status: string; error?: string; data: Data };
    if (answer.status !== 'success') throw new Error(answer.error);
    return answer.data;
  }
}
