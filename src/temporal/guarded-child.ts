import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Run as `sh -c GUARD sh <grace in seconds> <executable> <arguments…>`.
 *
 * The shell waits for the word to go, leaves a watcher in the background, and becomes the server: so the server has the
 * pid that the parent knows from the start. The watcher reads the parent's end of standard input. A line there says that the server has ended.
 * An end without a line says that the parent is gone, however it died: then the watcher stops the server.
 */
const GUARD = `
grace=$1
shift
read -r go || exit 0
exec 3<&0
(
  read -r ended <&3 && exit 0
  kill -TERM $$
  while [ "$grace" -gt 0 ] && kill -0 $$; do
    sleep 1
    grace=$((grace - 1))
  done
  kill -KILL $$
) >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null
`;

/** How a child ended. */
export interface ChildExit {
  /** Whether it was told to. */
  requested: boolean;
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A child process that cannot outlive this one. */
export interface GuardedChild {
  pid: number;
  /** Resolves when the process has ended, for whatever reason. Never rejects. */
  exited: Promise<ChildExit>;
  /** Lets the executable run. Until then only its guard does. */
  go(): void;
  /** SIGTERM, and SIGKILL after the grace. Resolves when the process has ended. */
  stop(): Promise<void>;
}

/**
 * Prepares a child in a session of its own, so that Ctrl-C in the terminal reaches this process only, and under a guard
 * that stops it when this process dies, even by SIGKILL. It gets no environment of this process. Linux and macOS.
 *
 * @param logFile descriptor that gets the child's stdout and stderr
 * @param graceSeconds whole seconds between SIGTERM and SIGKILL
 * @throws Error when no shell can be started
 */
export async function spawnGuarded(
  executable: string,
  args: readonly string[],
  { logFile, graceSeconds }: { logFile: number; graceSeconds: number },
): Promise<GuardedChild> {
  const child = spawn('/bin/sh', ['-c', GUARD, 'sh', String(graceSeconds), executable, ...args], {
    detached: true,
    stdio: ['pipe', logFile, logFile],
    // Of ours it is given nothing: there are passwords and keys in it.
    env: { PATH: '/usr/bin:/bin' },
  });
  await once(child, 'spawn');
  return new ShellChild(child, graceSeconds);
}

class ShellChild implements GuardedChild {
  readonly pid: number;
  readonly exited: Promise<ChildExit>;
  private requested = false;

  constructor(
    private readonly child: ChildProcess,
    private readonly graceSeconds: number,
  ) {
    if (child.pid === undefined) throw new Error('The child process has no pid.');
    this.pid = child.pid;
    // The watcher may be gone already, and with it the reader of the pipe.
    child.stdin?.on('error', () => undefined);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        child.stdin?.end('ended\n');
        resolve({ requested: this.requested, code, signal });
      });
    });
  }

  go(): void {
    this.child.stdin?.write('go\n');
  }

  async stop(): Promise<void> {
    this.requested = true;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), this.graceSeconds * 1000);
    await this.exited;
    clearTimeout(timer);
  }
}
