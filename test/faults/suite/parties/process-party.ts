import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Party } from './party';
import { processTree, signalAll } from './process-tree';

/** Whatever runs it (systemd, a container engine) starts it again after so long when it ends by itself. Milliseconds. */
const RESTART_AFTER_MS = 500;

/** For an orderly end; the service allows itself 10 s for calls, and some more for the embedded server. Milliseconds. */
const SHUT_DOWN_LIMIT_MS = 30_000;

/** For a start, with all that may be away meanwhile. Milliseconds. */
const READY_LIMIT_MS = 120_000;

/** Milliseconds. */
const PROBE_EVERY_MS = 100;

/**
 * Run as `sh -c GUARD sh <program> <arguments…>`: the shell becomes the program, and leaves a watcher that kills it when our
 * end of its standard input is gone without a word. So it does not outlive this process, however that one ends.
 */
const GUARD = `
exec 3<&0
( read -r ended <&3 && exit 0; kill -KILL $$ ) >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null
`;

export interface ProcessSettings {
  name: string;
  command: readonly string[];
  environment: Record<string, string>;
  /** What it prints, once it is ready; or whether it is. */
  isReady: RegExp | (() => Promise<boolean>);
  logFile: string;
  uid?: number;
  gid?: number;
  /** What ends it in order; SIGTERM unless told. */
  endSignal?: NodeJS.Signals;
  /** Told what it printed when it was ready. */
  onReady?: (found: RegExpExecArray) => void;
}

/** A program that is started again whenever it ends, unless a fault keeps it down. */
export class ProcessParty implements Party {
  private child: ChildProcess | undefined;
  private isWanted = false;
  private supervision: Promise<void> = Promise.resolve();
  private ready = new Flag();

  constructor(private readonly settings: ProcessSettings) {}

  get name(): string {
    return this.settings.name;
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    this.isWanted = true;
    this.supervision = this.supervise();
    await this.untilReady();
  }

  async untilReady(): Promise<void> {
    const timer = new AbortController();
    const tooLate = delay(READY_LIMIT_MS, undefined, { signal: timer.signal }).then(() => {
      throw new Error(
        `${this.name} was not ready within ${READY_LIMIT_MS / 1_000} s; see ${this.settings.logFile}`,
      );
    });
    try {
      await Promise.race([this.ready.raised, tooLate]);
    } finally {
      timer.abort();
      tooLate.catch(() => undefined);
    }
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  async crash(): Promise<void> {
    this.isWanted = false;
    this.killNow();
    await this.supervision;
  }

  /** SIGKILL; it is started again by itself. */
  killNow(): void {
    this.signal('SIGKILL');
  }

  async shutDown(): Promise<void> {
    this.isWanted = false;
    this.child?.kill(this.settings.endSignal ?? 'SIGTERM');
    const timer = setTimeout(() => {
      this.signal('SIGKILL');
    }, SHUT_DOWN_LIMIT_MS);
    await this.supervision;
    clearTimeout(timer);
  }

  async revive(): Promise<void> {
    await this.start();
  }

  freeze(): void {
    this.signal('SIGSTOP');
  }

  thaw(): void {
    this.signal('SIGCONT');
  }

  /** To the program alone, or to it and its children where it has none that are parties of their own. */
  private signal(signal: NodeJS.Signals): void {
    if (this.pid !== undefined) signalAll(this.signalled(this.pid), signal);
  }

  protected signalled(pid: number): number[] {
    return [pid];
  }

  private async supervise(): Promise<void> {
    while (this.isWanted) {
      await this.runOnce();
      this.ready.lower();
      await this.pause();
    }
  }

  private async pause(): Promise<void> {
    if (this.isWanted) await delay(RESTART_AFTER_MS);
  }

  private async raiseWhen(isReady: () => Promise<boolean>, child: ChildProcess): Promise<void> {
    while (this.child === child) {
      if (await isReady()) {
        if (this.child === child) this.ready.raise();
        return;
      }
      await delay(PROBE_EVERY_MS);
    }
  }

  private async runOnce(): Promise<void> {
    const { command, environment, logFile, isReady, onReady, uid, gid } = this.settings;
    const child = spawn('/bin/sh', ['-c', GUARD, 'sh', ...command], {
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
    });
    this.child = child;
    let output = '';
    const read = (chunk: Buffer) => {
      appendFileSync(logFile, chunk);
      if (this.ready.isRaised) return;
      output += chunk.toString();
      const found = isReady instanceof RegExp ? isReady.exec(output) : undefined;
      if (!found) return;
      onReady?.(found);
      this.ready.raise();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.stdin.on('error', () => undefined);
    if (!(isReady instanceof RegExp)) void this.raiseWhen(isReady, child);
    await once(child, 'exit');
    child.stdin.end('ended\n');
    this.child = undefined;
  }
}

/** A program whose children die with it: it and they are killed and frozen as one. */
export class ProcessTreeParty extends ProcessParty {
  protected override signalled(pid: number): number[] {
    return processTree(pid);
  }
}

/** Something that can be waited for again and again. */
class Flag {
  isRaised = false;
  private release: () => void = () => undefined;
  raised = this.next();

  raise(): void {
    this.isRaised = true;
    this.release();
  }

  lower(): void {
    if (!this.isRaised) return;
    this.isRaised = false;
    this.raised = this.next();
  }

  private next(): Promise<void> {
    return new Promise((resolve) => {
      this.release = resolve;
    });
  }
}
