import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The built command line. */
export const CLI = join(__dirname, '../../dist/cli/main.js');

/** Commands that a test left running, so that none outlives it. */
const running = new Set<ChildProcessWithoutNullStreams>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

export interface CliResult {
  /** Null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  stdin?: string;
  cwd?: string;
}

/** One run of the command line, as a user's shell would run it. */
export class CliRun {
  stdout = '';
  stderr = '';
  private readonly exit: Promise<[number | null]>;

  private constructor(readonly child: ChildProcessWithoutNullStreams) {
    running.add(child);
    child.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.exit = once(child, 'close') as Promise<[number | null]>;
    void this.exit.then(() => running.delete(child));
  }

  /** @param environment all that it has besides what finds programs */
  static start(args: string[], environment: Record<string, string> = {}, options: CliOptions = {}): CliRun {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [CLI, ...args], {
      env: { PATH, HOME, ...environment },
      ...(options.cwd !== undefined && { cwd: options.cwd }),
    });
    // Whoever does not read it to its end closes it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin ?? '');
    return new CliRun(child);
  }

  /** Waits until it has printed this on either stream; fails when it ends without. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
      if (found) return found;
      if (this.child.exitCode !== null) {
        throw new Error(`ended without printing ${String(pattern)}:\n${this.stdout}${this.stderr}`);
      }
      await Promise.race([once(this.child.stdout, 'data'), once(this.child.stderr, 'data'), this.exit]);
    }
  }

  async ended(): Promise<CliResult> {
    const [code] = await this.exit;
    return { code, stdout: this.stdout, stderr: this.stderr };
  }
}

/** Runs a command to its end. */
export function runCli(
  args: string[],
  environment: Record<string, string> = {},
  options: CliOptions = {},
): Promise<CliResult> {
  return CliRun.start(args, environment, options).ended();
}
