/** The HTTP API cannot start as it is configured. The message is for people. */
export class ApiSetupError extends Error {
  override readonly name = 'ApiSetupError';
}
