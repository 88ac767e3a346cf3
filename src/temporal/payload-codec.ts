import type { DataConverter } from '@temporalio/common';
import { compressionCodec } from './payload-compression';
import { encryptionCodec } from './payload-encryption';
import type { PayloadKey } from './payload-keys';

/**
 * How values become Temporal payloads, for every client and worker of one Temporal server: large ones are compressed, and
 * with keys all are encrypted. What was written before, or with fewer keys, stays readable.
 */
export function createDataConverter(keys: readonly PayloadKey[]): DataConverter {
  // In this order: what is encrypted does not shrink.
  return { payloadCodecs: [compressionCodec, encryptionCodec(keys)] };
}
