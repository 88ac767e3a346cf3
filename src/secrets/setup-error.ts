/**
 * The keys that seal secrets cannot be used, and a person has to do something about it. The message says what is wrong
 * and what to do, holds no key, and is meant to be shown as it is, without a stack.
 */
export class EncryptionKeyError extends Error {
  override readonly name = 'EncryptionKeyError';
}
