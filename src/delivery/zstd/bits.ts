import { ZstdError } from './zstd-error';

/** Bits from the first byte on, the lowest first. */
export class ForwardBits {
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** @param count at most 16 */
  read(count: number): number {
    const value = bitsAt(this.bytes, this.position, count);
    this.position += count;
    if (this.position > this.bytes.length * 8) throw new ZstdError('a table ends early');
    return value;
  }

  /** Gives back the last bit that was read. */
  unreadOne(): void {
    this.position -= 1;
  }

  /** Bytes of which some bit was read. */
  get used(): number {
    return Math.ceil(this.position / 8);
  }
}

/**
 * Bits from the last byte back to the first: how zstd writes what an encoder makes backwards. The highest bit that is set
 * marks the beginning. What is read beyond the end is zeros.
 */
export class BackwardBits {
  /** Bits that are left; negative when more were read than there are. */
  left: number;

  constructor(private readonly bytes: Uint8Array) {
    const last = bytes.at(-1) ?? 0;
    if (last === 0) throw new ZstdError('a stream of bits has no beginning');
    this.left = bytes.length * 8 - 8 + highestBit(last);
  }

  /** @param count at most 25 */
  read(count: number): number {
    this.left -= count;
    if (this.left >= 0) return bitsAt(this.bytes, this.left, count);
    const there = count + this.left;
    return there <= 0 ? 0 : bitsAt(this.bytes, 0, there) << -this.left;
  }
}

/** The place of the highest bit of a positive number: 0 for 1, 7 for 255. */
export function highestBit(value: number): number {
  return 31 - Math.clz32(value);
}

/** @param count at most 25, so that with the bits below the first one it fits into 32 */
function bitsAt(bytes: Uint8Array, position: number, count: number): number {
  const at = position >> 3;
  const four =
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24);
  return (four >>> (position & 7)) & ((1 << count) - 1);
}
