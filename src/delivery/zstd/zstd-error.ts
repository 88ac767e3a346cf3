/** Bytes that are not zstd, or more of it than we take. Its code is of zlib's kind: see callError. */
export class ZstdError extends Error {
  override name = 'ZstdError';
  readonly code = 'Z_ZSTD_ERROR';
}
