import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'undici';
import { nodeOptions } from './child';
import type { Stage } from './stage';

const PROGRAM = join(__dirname, '../../dist/main.js');

/** Connections for requests that are under way at once. */
export const CONNECTIONS = 64;

/** The service as a user runs it, in a process of its own, and requests over connections that are kept. */
export class Service {
  private readonly pool: Pool;

  private constructor(
    private readonly child: ChildProcess,
    url: string,
    private readonly key: string,
  ) {
    this.pool = new Pool(url, { connections: CONNECTIONS });
  }

  /** @param rules documents as people write them @param settings beside those that the stage makes necessary */
  static async start(stage: Stage, rules: object[], settings: Record<string, string> = {}): Promise<Service> {
    const rulesFile = join(stage.folder, 'rules.json');
    writeFileSync(rulesFile, JSON.stringify({ rules }));
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [...nodeOptions, PROGRAM], {
      env: {
        PATH,
        HOME,
        DATA_DIR: stage.folder,
        RULES_FILE: rulesFile,
        TEMPORAL_ADDRESS: stage.address,
        ...(stage.databaseUrl !== undefined && { DATABASE_URL: stage.databaseUrl }),
        API_PORT: '0',
        API_RATE_LIMIT: '0',
        ALLOWED_NETWORKS: '127.0.0.0/8',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    process.once('exit', () => child.kill('SIGKILL'));
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    while (!output.includes('Ready')) {
      const event = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => 'ended')]);
      if (event === 'ended') throw new Error(`the service did not start:\n${output}`);
    }
    const url = /API: (\S+)/.exec(output)?.[1] ?? '';
    return new Service(child, url, readFileSync(join(stage.folder, 'admin-key'), 'utf8').trim());
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** @throws Error when it is not accepted */
  async postEvent(event: object): Promise<void> {
    await this.request('POST', '/v1/events', event);
  }

  /** @throws Error when the answer is no success */
  async request(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const { statusCode, body: answer } = await this.pool.request({
      method,
      path,
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${text}`);
    return JSON.parse(text) as unknown;
  }

  async stop(): Promise<void> {
    await this.pool.close();
    this.child.kill('SIGTERM');
    if (this.child.exitCode === null) await once(this.child, 'exit');
  }
}
