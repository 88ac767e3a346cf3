import { createHash } from 'node:crypto';
import type { Rule } from '../rules/rule';

/**
 * The version of a rule that is kept in a file: the first 12 hex digits of the SHA-256 of its JSON with sorted keys. So
 * comments, the order of keys and defaults that are spelt out do not make another version.
 */
export function versionOf(rule: Rule): string {
  return createHash('sha256').update(canonicalJson(rule)).digest('hex').slice(0, 12);
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
