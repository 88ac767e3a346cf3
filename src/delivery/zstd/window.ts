import { ZstdError } from './zstd-error';

/** What a frame has given so far, as far back as its matches may reach. It grows with that, not with what a frame announces. */
export class Window {
  private bytes = Buffer.alloc(0);
  private end = 0;

  /** @param size how far back matches may reach. Bytes. */
  constructor(private readonly size: number) {}

  append(bytes: Uint8Array): void {
    this.makeRoom(bytes.length);
    this.bytes.set(bytes, this.end);
    this.end += bytes.length;
  }

  fill(value: number, length: number): void {
    this.makeRoom(length);
    this.bytes.fill(value, this.end, this.end + length);
    this.end += length;
  }

  /** Repeats what was given `offset` bytes ago; it may reach into what it gives itself. */
  repeat(offset: number, length: number): void {
    if (offset < 1 || offset > this.end || offset > this.size)
      throw new ZstdError('a match reaches too far back');
    this.makeRoom(length);
    // What has been repeated can be repeated with it: the piece doubles.
    const from = this.end - offset;
    for (let left = length; left > 0;) {
      const count = Math.min(this.end - from, left);
      this.bytes.copyWithin(this.end, from, from + count);
      this.end += count;
      left -= count;
    }
  }

  /** A copy of the last bytes. */
  last(length: number): Buffer {
    return Buffer.from(this.bytes.subarray(this.end - length, this.end));
  }

  private makeRoom(length: number): void {
    if (this.end + length <= this.bytes.length) return;
    const kept = Math.min(this.end, this.size);
    const old = this.bytes.subarray(this.end - kept, this.end);
    const needed = kept + length;
    const target = needed * 2 <= this.bytes.length ? this.bytes : Buffer.alloc(needed * 2);
    target.set(old, 0);
    this.bytes = target;
    this.end = kept;
  }
}
