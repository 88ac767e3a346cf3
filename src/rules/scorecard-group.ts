import { z } from 'zod';
import { lineOfText } from './text';
import { MAX_NAME_LENGTH } from '../shared/limits';

/** The scorecards that a rule is for. */
export const scorecardGroupSchema = z.discriminatedUnion('value', [
  z.strictObject({ value: z.literal('my_scorecard') }),
  z.strictObject({ value: z.literal('followed') }),
  z.strictObject({ value: z.literal('in_portfolio'), portfolio_id: lineOfText(MAX_NAME_LENGTH) }),
]);

export type ScorecardFilter = z.output<typeof scorecardGroupSchema>;
