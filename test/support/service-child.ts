import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The service as a child of a program that is no test of jest's. */
export class ServiceChild {
  /** All that it has printed, on both streams. */
  output = '';
  url = '';
  /** Of the first admin. */
  key = '';

  private constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    process.once('exit', () => child.kill('SIGKILL'));
  }

  /**
   * @param settings variables; ports are free ones unless told otherwise
   * @param nodeOptions of its Node, e.g. `--expose-gc`
   * @throws Error with what it has printed, when it ends instead of getting ready
   */
  static async start(
    dataFolder: string,
    settings: Record<string, string> = {},
    nodeOptions: readonly string[] = [],
  ): Promise<ServiceChild> {
    const { PATH = '', HOME = '', XDG_CACHE_HOME = '' } = process.env;
    const ports = { API_PORT: '0', TEMPORAL_DEV_PORT: '0', TEMPORAL_DEV_UI_PORT: '0' };
    const child = spawn(process.execPath, [...nodeOptions, resolve(__dirname, '../../dist/main.js')], {
      env: { PATH, HOME, XDG_CACHE_HOME, DATA_DIR: dataFolder, API_RATE_LIMIT: '0', ...ports, ...settings },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const service = new ServiceChild(child);
    while (!service.output.includes('\nReady')) {
      const said = child.stdout ? once(child.stdout, 'data') : undefined;
      await Promise.race([said, once(child, 'exit')]);
      if (!service.isRunning) throw new Error(`the service ended:\n${service.output}`);
    }
    service.url = /API: (\S+)/.exec(service.output)?.[1] ?? '';
    service.key = readFileSync(join(dataFolder, 'admin-key'), 'utf8').trim();
    return service;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}
