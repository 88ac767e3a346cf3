import type { ChangeUnderWay } from './changes';
import { VersionMismatchError } from './errors';
import type { IfVersion, Stamped } from './record';
import type { StampColumns } from './tables';

/** The stamp of a row, as callers see it. */
export function stampOf(row: StampColumns): Stamped {
  return {
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}

/**
 * The stamp that a change gives to a row.
 *
 * @param row as it was; undefined when there was none
 * @param options `again`: the row was deleted, so it is created, though its versions count on
 */
export function nextStamp(
  { at, actor }: ChangeUnderWay,
  row: StampColumns | undefined,
  options: { again: boolean } = { again: false },
): StampColumns {
  return {
    version: (row?.version ?? 0) + 1,
    created_at: row === undefined || options.again ? at : row.created_at,
    updated_at: at,
    updated_by: actor,
  };
}

/**
 * @param row as it is now; undefined when there is none, which counts as version 0
 * @throws VersionMismatchError
 */
export function assertVersion(
  subject: string,
  row: { version: number } | undefined,
  { ifVersion }: IfVersion = {},
): void {
  const actual = row?.version ?? 0;
  if (ifVersion === undefined || ifVersion === actual) return;
  const is = row === undefined ? 'is not there' : `has version ${actual}`;
  throw new VersionMismatchError(`${subject} ${is}, not version ${ifVersion}`, actual);
}
