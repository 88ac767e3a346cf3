import type { Payload } from '@temporalio/common';
import { temporal } from '@temporalio/proto';

const { Payload: Message } = temporal.api.common.v1;

/** A payload whole, with its metadata, as the bytes that a codec works on. */
export function bytesOf(payload: Payload): Uint8Array {
  return Message.encode(payload).finish();
}

/** @throws Error when the bytes are no payload */
export function payloadOf(bytes: Uint8Array): Payload {
  return Message.decode(bytes);
}

/** A text of a payload's metadata; undefined when there is none by that name. */
export function metadataText({ metadata }: Payload, name: string): string | undefined {
  const value = metadata?.[name];
  return value == null ? undefined : Buffer.from(value).toString('utf8');
}
