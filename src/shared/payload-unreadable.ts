/** A Temporal payload that cannot be decoded. The message says why, and shows nothing of the payload. */
export class PayloadUnreadableError extends Error {
  override name = 'PayloadUnreadableError';
}
