import { z } from 'zod';
import type { IfVersion } from '../store/record';

/** RFC 9110: an entity tag, perhaps weak. */
const TAG = /(W\/)?"([\x21\x23-\x7e\x80-\u00ff]*)"/;
const LIST = new RegExp(`^\\s*${TAG.source}\\s*(,\\s*${TAG.source}\\s*)*$`);

/** A version that nothing ever has. */
const NO_VERSION = -1;

const ifMatch = z
  .string()
  .refine(
    (header) => header.trim() === '*' || LIST.test(header),
    'must be "*", or entity tags such as "3", separated by commas',
  )
  .optional()
  .meta({
    pattern: '^(\\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$',
    description: 'Only if it has this version now: an `ETag` that was answered. Otherwise 412.',
    example: '"3"',
  });

const ifNoneMatch = z
  .string()
  .refine((header) => header.trim() === '*', 'only "*" has a meaning here')
  .optional()
  .meta({ enum: ['*'], description: '`*`: only if there is none yet. Otherwise 412.', example: '*' });

/** The headers of an operation that changes something with a version. */
export const changeHeaders = z.looseObject({ 'if-match': ifMatch });

/** The headers of an operation that may create it too. */
export const putHeaders = z.looseObject({ 'if-match': ifMatch, 'if-none-match': ifNoneMatch });

/** The versions that a header names. Weak tags never match, nor do those that no version of ours is written as. */
function versionsIn(header: string): number[] {
  return [...header.matchAll(new RegExp(TAG, 'g'))]
    .filter(([, weak, tag]) => weak === undefined && /^[1-9]\d{0,14}$/.test(tag ?? ''))
    .map(([, , tag]) => Number(tag));
}

export function etagOf({ version }: { version: number }): string {
  return `"${version}"`;
}

/**
 * Carries out a change if its condition holds. A store compares with one version, within its transaction; for `*` and for
 * lists the version that is there is looked up first, and again when another change came in between.
 *
 * @param ifMatch the header, valid
 * @param current undefined while there is none
 * @throws what `write` throws: VersionMismatchError when the condition does not hold
 */
export async function ifItMatches<T>(
  ifMatch: string | undefined,
  current: () => Promise<{ version: number } | undefined>,
  write: (condition: IfVersion) => Promise<T>,
): Promise<T> {
  if (ifMatch === undefined) return write({});
  const isAny = ifMatch.trim() === '*';
  const versions = versionsIn(ifMatch);
  if (!isAny && versions.length <= 1) return write({ ifVersion: versions[0] ?? NO_VERSION });
  for (;;) {
    const now = (await current())?.version;
    const matches = now !== undefined && (isAny || versions.includes(now));
    if (!matches) return write({ ifVersion: NO_VERSION });
    try {
      return await write({ ifVersion: now });
    } catch (error) {
      if ((await current())?.version === now) throw error;
    }
  }
}
