/**
 * The store cannot be opened, and a person has to do something about it. The message says what is wrong and what to do,
 * holds no credentials, and is meant to be shown as it is, without a stack.
 */
export class StoreSetupError extends Error {
  override readonly name = 'StoreSetupError';
}
