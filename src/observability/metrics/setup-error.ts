/** Metrics cannot be served as the settings have it. */
export class MetricsSetupError extends Error {
  override readonly name = 'MetricsSetupError';
}
