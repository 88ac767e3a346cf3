import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Enough for some thousand executions. Megabytes. */
const SIZE_MB = 256;

/** A small file system in memory, which can be filled. Needs root. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** @returns undefined where this process may not mount one */
  static mount(folder: string): SmallDisk | undefined {
    mkdirSync(folder, { recursive: true });
    const { status } = spawnSync('mount', [
      '-t',
      'tmpfs',
      '-o',
      `size=${SIZE_MB}m,mode=755`,
      'tmpfs',
      folder,
    ]);
    return status === 0 ? new SmallDisk(folder) : undefined;
  }

  /** Leaves not a byte of room. */
  fill(): void {
    const file = openSync(this.ballast, 'a');
    try {
      for (const size of [1 << 20, 1 << 12]) writeUntilFull(file, Buffer.alloc(size));
    } finally {
      closeSync(file);
    }
  }

  empty(): void {
    rmSync(this.ballast, { force: true });
  }

  /** Also while something still has files open there. */
  unmount(): void {
    spawnSync('umount', ['--lazy', this.folder]);
  }

  private get ballast(): string {
    return join(this.folder, 'ballast');
  }
}

function writeUntilFull(file: number, piece: Buffer): void {
  try {
    while (writeSync(file, piece) > 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
