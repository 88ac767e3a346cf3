import { z } from 'zod';
import { FACTORS, SEVERITIES } from './scale';
import { lineOfText } from './text';
import { MAX_NAME_LENGTH } from '../shared/limits';

/**
 * `factor` keeps the original's key, which is singular and yet holds a list. One name is taken for a list of one;
 * the output is always a list, `['any']` when none is given. Names outside the ten are refused here: a
 * misspelt factor would never fire, and nobody would know. (Events may carry any factor; `any` sees those too.)
 */
const factorName = z.enum(['any', ...FACTORS]);
const factor = z
  .union([
    factorName.transform((name) => [name]),
    z
      .array(factorName)
      .min(1)
      .refine((names) => names.length === 1 || !names.includes('any'), '"any" stands alone'),
  ])
  .default(() => ['any' as const]);

// A drop to A or a rise to F cannot happen, nor can a score below 0: such rules would silently never fire.
const dropGrade = z.enum(['any', 'B', 'C', 'D', 'F']).default('any');
const raiseGrade = z.enum(['any', 'A', 'B', 'C', 'D']).default('any');
const threshold = z.number().gt(0).max(100);

const newIssues = { value: z.literal('new_issues') };

/**
 * What a rule waits for, told apart by `value`.
 *
 * - `grade`: with a given grade, a drop fires when the grade falls from above it to it or below, a raise when it climbs
 *   from below it to it or above. `any` (default): whenever the grade gets worse, or better.
 * - `threshold`: more than 0, up to 100. A drop crosses from at-or-above to below, a rise from below to at-or-above.
 * - `new_issues`: `by_severity` means that severity or a more severe one; `by_type` lists issue types.
 */
export const changesSchema = z.discriminatedUnion('value', [
  z.strictObject({ value: z.literal('grade_drop'), grade: dropGrade }),
  z.strictObject({ value: z.literal('grade_raise'), grade: raiseGrade }),
  z.strictObject({ value: z.literal('factor_grade_drop'), factor, grade: dropGrade }),
  z.strictObject({ value: z.literal('factor_grade_raise'), factor, grade: raiseGrade }),
  z.strictObject({ value: z.literal('score_drop_threshold'), threshold }),
  z.strictObject({ value: z.literal('score_rise_threshold'), threshold }),
  z.strictObject({ value: z.literal('factor_score_drop_threshold'), factor, threshold }),
  z.strictObject({ value: z.literal('factor_score_rise_threshold'), factor, threshold }),
  z.discriminatedUnion('selected', [
    z.strictObject({ ...newIssues, selected: z.literal('any') }),
    z.strictObject({ ...newIssues, selected: z.literal('by_severity'), severity: z.enum(SEVERITIES) }),
    z.strictObject({
      ...newIssues,
      selected: z.literal('by_type'),
      types: z.array(lineOfText(MAX_NAME_LENGTH)).min(1),
    }),
  ]),
  z.strictObject({ value: z.literal('breach_reported') }),
]);

export type Changes = z.output<typeof changesSchema>;
export type ChangeKind = Changes['value'];
