import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Party } from './party';
import type { ProcessParty } from './process-party';
import { signalAll } from './process-tree';

/** The Temporal server that a program runs as its child. When it ends the program does so too, and is started again with it. */
export class EmbeddedTemporal implements Party {
  readonly name = 'temporal';
  readonly partOf: string;
  private frozen: number[] = [];

  constructor(
    private readonly program: ProcessParty,
    private readonly dataFolder: string,
  ) {
    this.partOf = program.name;
  }

  async crash(): Promise<void> {
    this.killNow();
    await this.program.crash();
  }

  killNow(): void {
    signalAll(this.pids(), 'SIGKILL');
  }

  async shutDown(): Promise<void> {
    signalAll(this.pids(), 'SIGTERM');
    await this.program.shutDown();
  }

  untilReady(): Promise<void> {
    return this.program.untilReady();
  }

  revive(): Promise<void> {
    return this.program.revive();
  }

  freeze(): void {
    this.frozen = this.pids();
    signalAll(this.frozen, 'SIGSTOP');
  }

  /** The one that was frozen: meanwhile its program may have started another. */
  thaw(): void {
    signalAll(this.frozen, 'SIGCONT');
  }

  private pids(): number[] {
    const folder = join(this.dataFolder, 'temporal');
    try {
      const claims = readdirSync(folder).filter((name) => /^server\.\d+\.json$/.test(name));
      return claims.flatMap((name) => {
        const claim = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { server?: { pid: number } };
        return claim.server?.pid ?? [];
      });
    } catch {
      // Just being written, or outbid.
      return [];
    }
  }
}
