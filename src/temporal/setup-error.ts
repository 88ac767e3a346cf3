/**
 * Temporal cannot be reached or prepared, and a person has to do something about it. The message says what was
 * tried and what to do; it is meant to be shown as it is, without a stack.
 */
export class TemporalSetupError extends Error {
  override readonly name: string = 'TemporalSetupError';
}
