import { z } from 'zod';
import { MAX_EVENT_TYPE_LENGTH } from '../shared/limits';

/** The type of the events that scorecards send; never the type of a sender's own event. */
export const SCORECARD_CHANGED = 'scorecard.changed';

/** The type of a sender's own event, e.g. `invoice.paid`. */
export const customEventTypeSchema = z
  .string()
  .max(MAX_EVENT_TYPE_LENGTH)
  .regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/, 'must be names of a-z, 0-9, "_" and "-" with dots between them')
  .refine(
    (type) => type !== SCORECARD_CHANGED,
    `must not be "${SCORECARD_CHANGED}", which has its own shape`,
  );

/**
 * The types that a rule listens to: a type, in which `*` stands for one whole segment, and as the last one for the rest,
 * one or more segments. `invoice.*` fits `invoice.paid` and `invoice.line.added`, not `invoice`; `*.paid` fits
 * `invoice.paid`, not `eu.invoice.paid`; `*` fits all of them.
 */
export const eventPatternSchema = z
  .string()
  .max(MAX_EVENT_TYPE_LENGTH)
  .regex(
    /^([a-z0-9_-]+|\*)(\.([a-z0-9_-]+|\*))*$/,
    'must be names of a-z, 0-9, "_" and "-", or "*", with dots between them',
  )
  .refine(
    (type) => type !== SCORECARD_CHANGED,
    `"${SCORECARD_CHANGED}" is what a rule with filters.changes listens to`,
  );

/** Whether a pattern covers a type of a sender's own. */
export function fitsPattern(pattern: string, type: string): boolean {
  if (!pattern.includes('*')) return pattern === type;
  const wanted = pattern.split('.');
  const segments = type.split('.');
  const openEnd = wanted.at(-1) === '*';
  if (openEnd ? segments.length < wanted.length : segments.length !== wanted.length) return false;
  return wanted.every((segment, index) => segment === '*' || segment === segments[index]);
}
