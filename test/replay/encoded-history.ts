import type { DataConverter } from '@temporalio/common';
import { encode } from '@temporalio/common/lib/internal-non-workflow';
import { temporal } from '@temporalio/proto';

const { Payload: Message } = temporal.api.common.v1;

/**
 * What the SDK never encodes: Temporal reads search attributes itself, and the SDK's core writes into markers of patches and
 * local activities which they are.
 */
const IN_CLEAR = ['searchAttributes', 'header', 'patch-data', 'data'];

/** A history's JSON as it would have been recorded with a data converter's codecs. */
export async function encodedHistory<T>(history: T, { payloadCodecs = [] }: DataConverter): Promise<T> {
  const encoded = async (value: unknown): Promise<unknown> => {
    if (Array.isArray(value)) return Promise.all(value.map(encoded));
    if (typeof value !== 'object' || value === null) return value;
    if ('metadata' in value) {
      const [payload] = await encode(payloadCodecs, [Message.fromObject(value)]);
      return Message.toObject(Message.fromObject(payload ?? {}), { bytes: String });
    }
    const entries = Object.entries(value).map(
      async ([key, inner]) => [key, IN_CLEAR.includes(key) ? inner : await encoded(inner)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  };
  return (await encoded(history)) as T;
}
