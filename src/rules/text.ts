import { z } from 'zod';

/**
 * Text of one line, 1 to `max` characters, trimmed. Control characters and line separators are refused, because
 * names and ids end up in mail headers, logs and pages.
 */
export function lineOfText(max: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'must not contain line breaks or other control characters');
}

/** An id that people write: it becomes part of file names, workflow ids and addresses. 1 to 64 characters. */
export const slug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,63}$/,
    'must be 1 to 64 of a-z, 0-9, "_" and "-", and begin with a letter or digit',
  );
