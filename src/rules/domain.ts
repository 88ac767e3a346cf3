import { z } from 'zod';

/** Labels of letters, digits, "_" and "-" (not at an end), each at most 63 characters, 253 in all. */
const HOST_NAME =
  /^(?=.{1,253}$)(?!-)[\p{L}\p{M}\p{N}_-]{1,63}(?<!-)(\.(?!-)[\p{L}\p{M}\p{N}_-]{1,63}(?<!-))*$/u;

/** A scorecard's domain, in lower case. */
export const domainSchema = z.string().toLowerCase().regex(HOST_NAME, 'must be a host name');

/** Whether a text is a host name of two labels or more: how a scorecard that is named by its domain is told. */
export function isDomain(text: string): boolean {
  return text.includes('.') && HOST_NAME.test(text);
}
