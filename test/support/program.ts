import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** Programs that a test left running, so that none outlives it. */
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** One of the built programs, run as a user runs it. */
export class Program {
  /** All that it has printed, on both streams. */
  output = '';
  /** Of that, what came on standard error. */
  errors = '';
  private readonly exit: Promise<[number | null, NodeJS.Signals | null]>;

  private constructor(private readonly child: ChildProcess) {
    running.add(child);
    child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => {
      this.output += chunk.toString();
      this.errors += chunk.toString();
    });
    this.exit = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    void this.exit.then(() => running.delete(child));
  }

  /**
   * @param script below dist/, e.g. `main.js`; or the path of another build's
   * @param environment the settings; of the test's own environment only what finds programs is passed on
   * @param cwd its working directory; the test's own when absent
   */
  static start(script: string, args: string[], environment: Record<string, string>, cwd?: string): Program {
    const { PATH = '', HOME = '', XDG_CACHE_HOME = '' } = process.env;
    const child = spawn(process.execPath, [resolve(__dirname, '../../dist', script), ...args], {
      env: { PATH, HOME, XDG_CACHE_HOME, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd !== undefined && { cwd }),
    });
    return new Program(child);
  }

  /** Waits until it has printed this; fails when it ends without. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.output);
      if (found) return found;
      if (this.child.exitCode !== null)
        throw new Error(`ended without printing ${String(pattern)}:\n${this.output}`);
      await Promise.race([once(this.child.stdout ?? this.child, 'data'), this.exit]);
    }
  }

  /** @returns its exit code; null when a signal ended it */
  async ended(): Promise<number | null> {
    const [code] = await this.exit;
    return code;
  }

  async kill(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.ended();
  }
}
